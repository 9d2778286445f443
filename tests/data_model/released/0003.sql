BEGIN TRANSACTION;
CREATE TABLE accounts (
	account_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	sign_in_name VARCHAR NOT NULL, 
	full_name VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	password_hash VARCHAR, 
	password_set_at DATETIME, 
	second_factor VARCHAR, 
	second_factor_step INTEGER, 
	issuer VARCHAR, 
	subject VARCHAR, 
	accepted_use_at DATETIME, 
	created_at DATETIME NOT NULL, 
	disabled_at DATETIME, 
	CONSTRAINT uq_accounts_issuer UNIQUE (issuer, subject), 
	CONSTRAINT uq_accounts_sign_in_name UNIQUE (sign_in_name)
);
INSERT INTO "accounts" VALUES(1,'ada@example.org','Ada Admin','admin',NULL,NULL,NULL,NULL,'https://sign-in.example','ada',NULL,'2026-11-22 14:16:05.295716',NULL);
INSERT INTO "accounts" VALUES(2,'mo@example.org','Mo Manager','manager',NULL,NULL,NULL,NULL,'https://sign-in.example','mo@',NULL,'2026-11-22 14:16:05.339103',NULL);
INSERT INTO "accounts" VALUES(3,'lee@example.org','Lee Leader','steward',NULL,NULL,NULL,NULL,'https://sign-in.example','lee',NULL,'2026-11-22 14:16:05.341050',NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE allocation_decisions (
	decision_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	la_code INTEGER NOT NULL, 
	period VARCHAR NOT NULL, 
	hours FLOAT NOT NULL, 
	assumptions JSON NOT NULL, 
	rows JSON NOT NULL, 
	decided_on DATE NOT NULL, 
	note TEXT, 
	recorded_by VARCHAR NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	withdrawn_at DATETIME, 
	withdrawn_by VARCHAR, 
	withdrawn_why TEXT
);
INSERT INTO "allocation_decisions" VALUES(1,999,'202526-AUT',100.0,'{"floor_primary": 0.2}','[{"urn": 900001, "hours_proposed": 30.0, "hours_decided": 20.5}, {"urn": 900002, "hours_proposed": 70.0, "hours_decided": 60.0}]','2025-11-20',NULL,'manager@example.org','2026-11-22 15:53:56.914872',NULL,NULL,NULL);
CREATE TABLE ap_placements (
	placement_id VARCHAR NOT NULL, 
	pupil_ref VARCHAR NOT NULL, 
	home_urn INTEGER, 
	provider_urn INTEGER, 
	provider_ukprn INTEGER, 
	setting_type VARCHAR, 
	provider_ref VARCHAR, 
	tier VARCHAR, 
	commissioner VARCHAR, 
	placement_reason VARCHAR, 
	start_date DATE NOT NULL, 
	planned_end_date DATE, 
	end_date DATE, 
	attendance_pattern VARCHAR, 
	sessions_per_week INTEGER NOT NULL, 
	registration VARCHAR, 
	weekly_cost_gbp FLOAT, 
	funding_line VARCHAR, 
	reintegration_plan VARCHAR, 
	planned_reintegration_date DATE, 
	end_reason VARCHAR, 
	destination_urn INTEGER, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_ap_placements PRIMARY KEY (placement_id)
)
 WITHOUT ROWID

;
INSERT INTO "ap_placements" VALUES('A1','P5',900001,NULL,10001234,'OOT',NULL,'2',NULL,NULL,'2025-10-10',NULL,'2025-11-28','FT',10,NULL,250.5,NULL,NULL,NULL,'returned_home_school',NULL,14);
CREATE TABLE attendance (
	pupil_ref VARCHAR NOT NULL, 
	urn INTEGER NOT NULL, 
	week_start DATE NOT NULL, 
	possible INTEGER NOT NULL, 
	present INTEGER, 
	authorised INTEGER, 
	unauthorised INTEGER, 
	code_e INTEGER, 
	code_b INTEGER, 
	code_d INTEGER, 
	code_k INTEGER, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_attendance PRIMARY KEY (pupil_ref, urn, week_start)
)
 WITHOUT ROWID

;
CREATE TABLE audit_events (
	event_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at DATETIME NOT NULL, 
	account_id INTEGER, 
	who VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject VARCHAR, 
	detail JSON NOT NULL, 
	previous_hash VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT uq_audit_events_hash UNIQUE (hash)
);
INSERT INTO "audit_events" VALUES(1,'2026-11-22 14:16:05.302920',NULL,'the provider','created an account','account 1','{"role": "admin"}','0000000000000000000000000000000000000000000000000000000000000000','60f588cf6c0aed1942455aad08cfaf8c10b4299f261b08bb67790480482c9316');
INSERT INTO "audit_events" VALUES(2,'2026-11-22 14:16:05.339696',NULL,'the provider','created an account','account 2','{"role": "manager"}','60f588cf6c0aed1942455aad08cfaf8c10b4299f261b08bb67790480482c9316','4da9545dda732b20a92f812b03222f2e8bbb337aefb321ff042350b677218ad9');
INSERT INTO "audit_events" VALUES(3,'2026-11-22 14:16:05.341562',NULL,'the provider','created an account','account 3','{"role": "leader"}','4da9545dda732b20a92f812b03222f2e8bbb337aefb321ff042350b677218ad9','0de7bfb5938ae058ed932fdb27e06100ab45f7ca37bea604512615961eef03ee');
INSERT INTO "audit_events" VALUES(4,'2026-11-22 14:16:05.363631',NULL,'ada@example.org','granted reach','account 2','{"la_code": 999, "district": null, "service": null, "panel": null}','0de7bfb5938ae058ed932fdb27e06100ab45f7ca37bea604512615961eef03ee','b6706fdf3b986c35dd63490664074b07905b7df30766490f84b75ef1d3278324');
INSERT INTO "audit_events" VALUES(5,'2026-11-22 14:16:05.383523',NULL,'ada@example.org','granted reach','account 3','{"la_code": 999, "district": "North", "service": null, "panel": null}','b6706fdf3b986c35dd63490664074b07905b7df30766490f84b75ef1d3278324','81296e8bc6787db1fde81e3d96da4bd9b3474dfa17dc60396a1c63c9902886e5');
INSERT INTO "audit_events" VALUES(6,'2026-11-22 14:16:05.400950',NULL,'ada@example.org','changed a role','account 3','{"before": "leader", "after": "steward"}','81296e8bc6787db1fde81e3d96da4bd9b3474dfa17dc60396a1c63c9902886e5','7c49a4b4e2b810e49159b4a47a4f9e097ecb987b15dc5aaf12939317ec968142');
INSERT INTO "audit_events" VALUES(7,'2026-11-22 14:16:05.418240',NULL,'mo@example.org','saw pupils',NULL,'{"page": "data_quality", "pupils": 2, "pupils_digest": "31e7d5ab5e9ab78f034f81f0d9c33a4727baf73c8c8513b9b6d868bd91403542"}','7c49a4b4e2b810e49159b4a47a4f9e097ecb987b15dc5aaf12939317ec968142','2952f0ea2cacd0cfdfb559aab2cf66ea0b8ca0a6ab12079d7a835141cc1d07ce');
INSERT INTO "audit_events" VALUES(8,'2026-11-22 14:16:06.222421',NULL,'tester','uploaded','upload 16','{"dataset": "suspensions", "file": "suspensions.csv", "new": 2, "changed": 0, "unchanged": 0, "removed": 0, "gone": 3}','2952f0ea2cacd0cfdfb559aab2cf66ea0b8ca0a6ab12079d7a835141cc1d07ce','dbc909ca29dbd8d20471554ca9b3616af1272ac2b35a1fe54dd826c28c28f66c');
INSERT INTO "audit_events" VALUES(9,'2026-11-22 14:16:06.927796',NULL,'tester','uploaded','upload 17','{"dataset": "suspensions", "file": "suspensions.csv", "new": 0, "changed": 1, "unchanged": 0, "removed": 0, "gone": 4}','dbc909ca29dbd8d20471554ca9b3616af1272ac2b35a1fe54dd826c28c28f66c','852c9ef853c8f373ecd22ca9baf6adae97123a269f6f43c64d872cb9bd9e99ca');
INSERT INTO "audit_events" VALUES(10,'2026-11-22 14:16:06.948211',NULL,'ada@example.org','erased a pupil','b5e024be4acc220e7383687b9353f843ab2ef1b0d1dce066b2258c48b9871b8b','{"rows": 3, "tables": {"suspensions": 3}, "reason": "The family asked", "pupils": 1, "pupils_digest": "4fcbc834383dc27ad7e866250df62ac3dc3004caada89048fe0583a315d098dd"}','852c9ef853c8f373ecd22ca9baf6adae97123a269f6f43c64d872cb9bd9e99ca','9855094ea304770acfef0742aa9e6d98f91aafeb81a25f25bda1435c353de8e4');
INSERT INTO "audit_events" VALUES(11,'2026-11-22 15:53:56.766643',NULL,'manager@example.org','recorded that a head was sent a report','report 1','{"urn": 900001, "period": "202526-AUT", "sent_on": "2025-10-17", "reply_due": "2025-11-07"}','9855094ea304770acfef0742aa9e6d98f91aafeb81a25f25bda1435c353de8e4','dfdb728391d16778db13dd02eda100b73e2d406ef891db39ecb4012221f4d651');
INSERT INTO "audit_events" VALUES(12,'2026-11-22 15:53:56.808058',NULL,'manager@example.org','recorded a head''s reply','reply 1','{"urn": 900001, "report": 1, "kind": "census_error", "received_on": "2025-10-20"}','dfdb728391d16778db13dd02eda100b73e2d406ef891db39ecb4012221f4d651','337d50f23b77b17245f2bdf5552c017f6ebbfe6704d40f08fb0167959eae95c4');
INSERT INTO "audit_events" VALUES(13,'2026-11-22 15:53:56.847247',NULL,'manager@example.org','withdrew a head''s reply','reply 1','{}','337d50f23b77b17245f2bdf5552c017f6ebbfe6704d40f08fb0167959eae95c4','997320d90a7962cc34bffc9af2ca34a95507bfbf219892cbfd8c01461e784004');
INSERT INTO "audit_events" VALUES(14,'2026-11-22 15:53:56.865011',NULL,'manager@example.org','recorded a head''s reply','reply 2','{"urn": 900001, "report": 1, "kind": "accepted", "received_on": "2025-10-20"}','997320d90a7962cc34bffc9af2ca34a95507bfbf219892cbfd8c01461e784004','7c0ea61426dd31a1de31d0af19431bb2427040789cc14e8ae56bbed14c45ce0d');
INSERT INTO "audit_events" VALUES(15,'2026-11-22 15:53:56.890592',NULL,'manager@example.org','froze a list','list 1','{"la_code": 999, "schools": 2, "period": "202526-AUT"}','7c0ea61426dd31a1de31d0af19431bb2427040789cc14e8ae56bbed14c45ce0d','4f92fbdcff719d95584b5980329f2dbb60c309cf55f0d88a3931b6dcde6001dc');
INSERT INTO "audit_events" VALUES(16,'2026-11-22 15:53:56.919049',NULL,'manager@example.org','recorded how hours are shared out','decision 1','{"la_code": 999, "period": "202526-AUT", "schools": 2, "hours": 100.0}','4f92fbdcff719d95584b5980329f2dbb60c309cf55f0d88a3931b6dcde6001dc','84fd73ccb17c0c0d71085fd400fa3537244b213b724ddeeb59943db084010c54');
CREATE TABLE audit_head (
	only INTEGER NOT NULL, 
	event_id INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_head PRIMARY KEY (only)
);
INSERT INTO "audit_head" VALUES(1,16,'84fd73ccb17c0c0d71085fd400fa3537244b213b724ddeeb59943db084010c54');
CREATE TABLE audit_pupils (
	event_id INTEGER NOT NULL, 
	pupil VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_pupils PRIMARY KEY (event_id, pupil), 
	CONSTRAINT fk_audit_pupils_event_id FOREIGN KEY(event_id) REFERENCES audit_events (event_id)
);
INSERT INTO "audit_pupils" VALUES(7,'d49ca7442ec5e5946770524b651c922f3aebb5320734384afb7cee95b5b0578a');
INSERT INTO "audit_pupils" VALUES(7,'d6d0c7da158f797e311ad8bdce918486297798f2dc88c3a9433ae7b20fc50060');
INSERT INTO "audit_pupils" VALUES(10,'b5e024be4acc220e7383687b9353f843ab2ef1b0d1dce066b2258c48b9871b8b');
CREATE TABLE data_version (
	only INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_data_version PRIMARY KEY (only)
);
INSERT INTO "data_version" VALUES(1,19);
CREATE TABLE erasures (
	pupil VARCHAR(64) NOT NULL, 
	erased_at DATETIME NOT NULL, 
	erased_by VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	CONSTRAINT pk_erasures PRIMARY KEY (pupil)
);
INSERT INTO "erasures" VALUES('b5e024be4acc220e7383687b9353f843ab2ef1b0d1dce066b2258c48b9871b8b','2026-11-22 14:16:06.945929','ada@example.org','The family asked');
CREATE TABLE frozen_lists (
	list_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	la_code INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	question JSON NOT NULL, 
	rows JSON NOT NULL, 
	data_version INTEGER NOT NULL, 
	recorded_by VARCHAR NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	withdrawn_at DATETIME, 
	withdrawn_by VARCHAR, 
	withdrawn_why TEXT, 
	CONSTRAINT uq_frozen_lists_la_code UNIQUE (la_code, name)
);
INSERT INTO "frozen_lists" VALUES(1,999,'Panel of March','{"period": "202526-AUT", "phase": null, "filters": {"district": ["North"]}, "order": "most to gain"}','[{"urn": 900001, "observed": 3, "gain": 1.5}, {"urn": 900002, "observed": 40, "gain": null}]',1,'manager@example.org','2026-11-22 15:53:56.888598',NULL,NULL,NULL);
CREATE TABLE grants (
	grant_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	la_code INTEGER NOT NULL, 
	district VARCHAR, 
	service VARCHAR, 
	panel VARCHAR, 
	CONSTRAINT pk_grants PRIMARY KEY (grant_id), 
	CONSTRAINT fk_grants_account_id FOREIGN KEY(account_id) REFERENCES accounts (account_id)
);
INSERT INTO "grants" VALUES(1,2,999,NULL,NULL,NULL);
INSERT INTO "grants" VALUES(2,3,999,'North',NULL,NULL);
CREATE TABLE headcounts (
	urn INTEGER NOT NULL, 
	academic_year VARCHAR NOT NULL, 
	census_term VARCHAR NOT NULL, 
	characteristic_group VARCHAR NOT NULL, 
	characteristic VARCHAR NOT NULL, 
	headcount INTEGER NOT NULL, 
	census_date DATE, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_headcounts PRIMARY KEY (urn, academic_year, census_term, characteristic_group, characteristic)
)
 WITHOUT ROWID

;
INSERT INTO "headcounts" VALUES(900001,'202425','SPR','Total','Total',200,NULL,3);
CREATE TABLE header_mappings (
	source VARCHAR NOT NULL, 
	dataset VARCHAR NOT NULL, 
	header VARCHAR NOT NULL, 
	column_name VARCHAR NOT NULL, 
	CONSTRAINT pk_header_mappings PRIMARY KEY (source, dataset, header)
);
INSERT INTO "header_mappings" VALUES('a school','suspensions','who','pupil_ref');
CREATE TABLE open_queries (
	query_id INTEGER NOT NULL, 
	upload_id INTEGER NOT NULL, 
	urn INTEGER, 
	line INTEGER, 
	column_name VARCHAR, 
	code VARCHAR NOT NULL, 
	message TEXT NOT NULL, 
	"key" JSON NOT NULL, 
	CONSTRAINT pk_open_queries PRIMARY KEY (query_id), 
	CONSTRAINT fk_open_queries_upload_id FOREIGN KEY(upload_id) REFERENCES uploads (upload_id)
);
INSERT INTO "open_queries" VALUES(1,9,900001,2,'pupil_ref','Q-PUPIL-UNKNOWN','This pupil is not in the pupils file. Check the reference, or add the pupil there.','[900001, "2025-09-15", "P1"]');
INSERT INTO "open_queries" VALUES(2,9,900001,3,'pupil_ref','Q-PUPIL-UNKNOWN','This pupil is not in the pupils file. Check the reference, or add the pupil there.','[900001, "2025-10-06", "P2"]');
INSERT INTO "open_queries" VALUES(3,9,900001,4,'pupil_ref','Q-PUPIL-UNKNOWN','This pupil is not in the pupils file. Check the reference, or add the pupil there.','[900001, "2025-10-04", "P3"]');
INSERT INTO "open_queries" VALUES(4,9,900001,4,'start_date','Q-WEEKEND','4 October 2025 is a Saturday or Sunday. Check the date.','[900001, "2025-10-04", "P3"]');
INSERT INTO "open_queries" VALUES(5,10,900001,2,'pupil_ref','Q-PUPIL-UNKNOWN','This pupil is not in the pupils file. Check the reference, or add the pupil there.','[900001, "2025-09-15", "P1"]');
INSERT INTO "open_queries" VALUES(6,12,900001,2,'pupil_ref','Q-PUPIL-UNKNOWN','This pupil is not in the pupils file. Check the reference, or add the pupil there.','[900001, "2025-09-15", "P1"]');
INSERT INTO "open_queries" VALUES(7,13,900001,2,'pupil_ref','Q-PUPIL-UNKNOWN','This pupil is not in the pupils file. Check the reference, or add the pupil there.','["X1"]');
INSERT INTO "open_queries" VALUES(8,14,900001,2,'pupil_ref','Q-PUPIL-UNKNOWN','This pupil is not in the pupils file. Check the reference, or add the pupil there.','["A1"]');
INSERT INTO "open_queries" VALUES(9,16,900001,2,'pupil_ref','Q-PUPIL-UNKNOWN','This pupil is not in the pupils file. Check the reference, or add the pupil there.','[900001, "2025-10-07", "P70"]');
INSERT INTO "open_queries" VALUES(10,16,900001,3,'pupil_ref','Q-PUPIL-UNKNOWN','This pupil is not in the pupils file. Check the reference, or add the pupil there.','[900001, "2025-10-09", "P71"]');
INSERT INTO "open_queries" VALUES(11,17,900001,2,'pupil_ref','Q-PUPIL-UNKNOWN','This pupil is not in the pupils file. Check the reference, or add the pupil there.','[900001, "2025-10-09", "P71"]');
CREATE TABLE outreach_cases (
	case_id VARCHAR NOT NULL, 
	referral_id VARCHAR, 
	urn INTEGER, 
	pupil_ref VARCHAR, 
	worker_ref VARCHAR, 
	tier VARCHAR, 
	case_type VARCHAR, 
	provider_type VARCHAR, 
	commissioner VARCHAR, 
	area VARCHAR, 
	funding_sources VARCHAR, 
	start_date DATE NOT NULL, 
	first_contact_date DATE, 
	first_visit_date DATE, 
	review_due DATE, 
	review_date DATE, 
	end_date DATE, 
	close_reason VARCHAR, 
	plan_left VARCHAR, 
	risk_close_1_10 INTEGER, 
	next_school_urn INTEGER, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_outreach_cases PRIMARY KEY (case_id)
)
 WITHOUT ROWID

;
INSERT INTO "outreach_cases" VALUES('C1',NULL,900001,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2025-09-15',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,8);
CREATE TABLE outreach_contacts (
	contact_id VARCHAR NOT NULL, 
	date DATE NOT NULL, 
	worker_ref VARCHAR, 
	case_id VARCHAR, 
	urn INTEGER, 
	kind VARCHAR, 
	location VARCHAR, 
	minutes INTEGER NOT NULL, 
	travel_minutes INTEGER, 
	contact_with VARCHAR, 
	outcome VARCHAR, 
	agency VARCHAR, 
	threshold_met VARCHAR, 
	notes VARCHAR, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_outreach_contacts PRIMARY KEY (contact_id)
)
 WITHOUT ROWID

;
CREATE TABLE outreach_referrals (
	referral_id VARCHAR NOT NULL, 
	received_date DATE NOT NULL, 
	source VARCHAR, 
	urn INTEGER NOT NULL, 
	pupil_ref VARCHAR, 
	primary_concern VARCHAR, 
	secondary_concern VARCHAR, 
	risk_1_10 INTEGER, 
	attendance_pct FLOAT, 
	susp_12w INTEGER, 
	internal_12w INTEGER, 
	parent_agreement VARCHAR, 
	psp_in_place VARCHAR, 
	ehap VARCHAR, 
	prior_move VARCHAR, 
	prior_pex VARCHAR, 
	decision VARCHAR, 
	decline_reason VARCHAR, 
	decision_date DATE, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_outreach_referrals PRIMARY KEY (referral_id)
)
 WITHOUT ROWID

;
CREATE TABLE permanent_exclusions (
	source VARCHAR DEFAULT 'notified' NOT NULL, 
	pex_id VARCHAR NOT NULL, 
	pupil_ref VARCHAR NOT NULL, 
	urn INTEGER NOT NULL, 
	head_decision_date DATE NOT NULL, 
	reason_1 VARCHAR, 
	reason_2 VARCHAR, 
	reason_3 VARCHAR, 
	ncyg VARCHAR, 
	sen_provision VARCHAR, 
	cla VARCHAR, 
	gb_notified_date DATE, 
	gb_meeting_date DATE, 
	review_outcome VARCHAR, 
	irp_requested_date DATE, 
	irp_date DATE, 
	day6_start DATE, 
	day6_provider VARCHAR, 
	home_la VARCHAR, 
	off_roll_date DATE, 
	next_school_urn INTEGER, 
	next_start_date DATE, 
	funding_adjustment_gbp FLOAT, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_permanent_exclusions PRIMARY KEY (source, pex_id)
)
 WITHOUT ROWID

;
INSERT INTO "permanent_exclusions" VALUES('notified','X1','P5',900001,'2025-10-01','PP',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,13);
INSERT INTO "permanent_exclusions" VALUES('notified','X2','P000002',900002,'2025-10-20','PP',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'FRE',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,6);
CREATE TABLE published_la_rates (
	measure VARCHAR(32) NOT NULL, 
	phase VARCHAR(9) NOT NULL, 
	area_code VARCHAR(9) NOT NULL, 
	academic_year VARCHAR(6) NOT NULL, 
	geographic_level VARCHAR(8) NOT NULL, 
	area_name VARCHAR NOT NULL, 
	la_code INTEGER, 
	region_name VARCHAR, 
	value FLOAT, 
	value_marker VARCHAR(8), 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_published_la_rates PRIMARY KEY (measure, phase, area_code, academic_year), 
	CONSTRAINT fk_published_la_rates_upload_id FOREIGN KEY(upload_id) REFERENCES uploads (upload_id)
)
 WITHOUT ROWID

;
CREATE TABLE published_statistics (
	geographic_level VARCHAR(8) NOT NULL, 
	area_code VARCHAR(20) NOT NULL, 
	phase VARCHAR(9) NOT NULL, 
	academic_year VARCHAR(6) NOT NULL, 
	term VARCHAR(3) NOT NULL, 
	la_code INTEGER, 
	la_name VARCHAR, 
	region_code VARCHAR(9), 
	region_name VARCHAR, 
	laestab INTEGER, 
	urn INTEGER, 
	school_name VARCHAR, 
	trust_name VARCHAR, 
	academy_type VARCHAR, 
	academy_open_date DATE, 
	num_schools FLOAT, 
	num_schools_marker VARCHAR(8), 
	headcount FLOAT, 
	headcount_marker VARCHAR(8), 
	permanent_exclusions FLOAT, 
	permanent_exclusions_marker VARCHAR(8), 
	suspensions FLOAT, 
	suspensions_marker VARCHAR(8), 
	pupils_suspended FLOAT, 
	pupils_suspended_marker VARCHAR(8), 
	permanent_exclusion_rate FLOAT, 
	permanent_exclusion_rate_marker VARCHAR(8), 
	suspension_rate FLOAT, 
	suspension_rate_marker VARCHAR(8), 
	one_plus_rate FLOAT, 
	one_plus_rate_marker VARCHAR(8), 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_published_statistics PRIMARY KEY (geographic_level, area_code, phase, academic_year, term), 
	CONSTRAINT fk_published_statistics_upload_id FOREIGN KEY(upload_id) REFERENCES uploads (upload_id)
)
 WITHOUT ROWID

;
INSERT INTO "published_statistics" VALUES('country','E92000001','primary','201112','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,16828.0,NULL,4217000.0,NULL,690.0,NULL,37790.0,NULL,19630.0,NULL,0.02,NULL,0.9,NULL,0.47,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','primary','201213','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,16836.0,NULL,4309580.0,NULL,665.0,NULL,37865.0,NULL,19385.0,NULL,0.02,NULL,0.88,NULL,0.45,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','primary','201314','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,16831.0,NULL,4416710.0,NULL,870.0,NULL,45005.0,NULL,21650.0,NULL,0.02,NULL,1.02,NULL,0.49,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','primary','201415','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,16799.0,NULL,4510310.0,NULL,915.0,NULL,49655.0,NULL,23630.0,NULL,0.02,NULL,1.1,NULL,0.52,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','primary','201516','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,16804.0,NULL,4615170.0,NULL,1145.0,NULL,55740.0,NULL,25765.0,NULL,0.02,NULL,1.21,NULL,0.56,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','primary','201617','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,16837.0,NULL,4689660.0,NULL,1255.0,NULL,64340.0,NULL,28940.0,NULL,0.03,NULL,1.37,NULL,0.62,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','primary','202324','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,'',NULL,'',104803.0,NULL,NULL,'',NULL,'',NULL,'',NULL,'',15);
INSERT INTO "published_statistics" VALUES('country','E92000001','primary','202425','AUT',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,'',524.0,NULL,39914.0,NULL,NULL,'',NULL,'',0.89,NULL,NULL,'',15);
INSERT INTO "published_statistics" VALUES('country','E92000001','secondary','201112','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,3279.0,NULL,3234875.0,NULL,4390.0,NULL,252215.0,NULL,137065.0,NULL,0.14,NULL,7.8,NULL,4.24,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','secondary','201213','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,3302.0,NULL,3210120.0,NULL,3905.0,NULL,215560.0,NULL,121055.0,NULL,0.12,NULL,6.72,NULL,3.77,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','secondary','201314','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,3339.0,NULL,3181360.0,NULL,4005.0,NULL,210580.0,NULL,115675.0,NULL,0.13,NULL,6.62,NULL,3.64,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','secondary','201415','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,3404.0,NULL,3184730.0,NULL,4785.0,NULL,239240.0,NULL,124995.0,NULL,0.15,NULL,7.51,NULL,3.92,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','secondary','201516','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,3409.0,NULL,3193420.0,NULL,5445.0,NULL,270135.0,NULL,135925.0,NULL,0.17,NULL,8.46,NULL,4.26,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','secondary','201617','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,3451.0,NULL,3223090.0,NULL,6385.0,NULL,302890.0,NULL,148820.0,NULL,0.2,NULL,9.4,NULL,4.62,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','secondary','202324','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,'',NULL,'',829896.0,NULL,NULL,'',NULL,'',NULL,'',NULL,'',15);
INSERT INTO "published_statistics" VALUES('country','E92000001','secondary','202425','AUT',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,'',3128.0,NULL,287306.0,NULL,NULL,'',NULL,'',7.81,NULL,NULL,'',15);
INSERT INTO "published_statistics" VALUES('country','E92000001','special','201112','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1026.0,NULL,94580.0,NULL,85.0,NULL,14370.0,NULL,5705.0,NULL,0.09,NULL,15.19,NULL,6.03,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','special','201213','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1019.0,NULL,97170.0,NULL,65.0,NULL,14095.0,NULL,5630.0,NULL,0.07,NULL,14.51,NULL,5.8,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','special','201314','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1023.0,NULL,100240.0,NULL,75.0,NULL,13890.0,NULL,5520.0,NULL,0.07,NULL,13.86,NULL,5.51,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','special','201415','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1031.0,NULL,103970.0,NULL,90.0,NULL,14080.0,NULL,5435.0,NULL,0.09,NULL,13.54,NULL,5.23,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','special','201516','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1032.0,NULL,107635.0,NULL,90.0,NULL,13485.0,NULL,5440.0,NULL,0.08,NULL,12.53,NULL,5.05,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','special','201617','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1031.0,NULL,112325.0,NULL,80.0,NULL,14635.0,NULL,5715.0,NULL,0.07,NULL,13.03,NULL,5.09,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','special','202425','AUT',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,'',63.0,NULL,8451.0,NULL,NULL,'',NULL,'',5.07,NULL,NULL,'',15);
INSERT INTO "published_statistics" VALUES('country','E92000001','total','201112','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,21133.0,NULL,7546455.0,NULL,5165.0,NULL,304370.0,NULL,162400.0,NULL,0.07,NULL,4.03,NULL,2.15,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','total','201213','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,21157.0,NULL,7616870.0,NULL,4630.0,NULL,267520.0,NULL,146070.0,NULL,0.06,NULL,3.51,NULL,1.92,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','total','201314','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,21193.0,NULL,7698310.0,NULL,4950.0,NULL,269475.0,NULL,142845.0,NULL,0.06,NULL,3.5,NULL,1.86,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','total','201415','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,21234.0,NULL,7799005.0,NULL,5795.0,NULL,302975.0,NULL,154060.0,NULL,0.07,NULL,3.88,NULL,1.98,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','total','201516','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,21245.0,NULL,7916225.0,NULL,6685.0,NULL,339360.0,NULL,167125.0,NULL,0.08,NULL,4.29,NULL,2.11,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','total','201617','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,21319.0,NULL,8025075.0,NULL,7720.0,NULL,381865.0,NULL,183475.0,NULL,0.1,NULL,4.76,NULL,2.29,NULL,15);
INSERT INTO "published_statistics" VALUES('country','E92000001','total','202223','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,'',9376.0,NULL,786961.0,NULL,304040.0,NULL,0.11,NULL,9.33,NULL,NULL,'',15);
INSERT INTO "published_statistics" VALUES('country','E92000001','total','202324','',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,'',10885.0,NULL,954952.0,NULL,NULL,'',0.13,NULL,11.31,NULL,NULL,'',15);
INSERT INTO "published_statistics" VALUES('country','E92000001','total','202324','AUT',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,'',4168.0,NULL,346279.0,NULL,171788.0,NULL,0.05,NULL,4.13,NULL,NULL,'',15);
INSERT INTO "published_statistics" VALUES('country','E92000001','total','202425','AUT',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL,'',3715.0,NULL,335671.0,NULL,165649.0,NULL,0.044,NULL,4.02,NULL,1.98,NULL,15);
CREATE TABLE pupil_identities (
	pupil_ref VARCHAR NOT NULL, 
	sealed TEXT NOT NULL, 
	key_id VARCHAR NOT NULL, 
	subject VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_pupil_identities PRIMARY KEY (pupil_ref)
);
CREATE TABLE pupils (
	pupil_ref VARCHAR NOT NULL, 
	valid_from DATE NOT NULL, 
	upn VARCHAR, 
	birth_month VARCHAR, 
	sex VARCHAR, 
	ncyg VARCHAR, 
	ethnicity VARCHAR, 
	fsm_category VARCHAR, 
	fsm6 VARCHAR, 
	pupil_premium VARCHAR, 
	sen_provision VARCHAR, 
	sen_primary_need VARCHAR, 
	eal VARCHAR, 
	social_care VARCHAR, 
	young_carer VARCHAR, 
	main_urn INTEGER, 
	enrol_status VARCHAR, 
	home_la VARCHAR, 
	yjs_involved VARCHAR, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_pupils PRIMARY KEY (pupil_ref, valid_from)
)
 WITHOUT ROWID

;
INSERT INTO "pupils" VALUES('P000001','2025-09-01',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,4);
INSERT INTO "pupils" VALUES('P000002','2025-09-01',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,4);
CREATE TABLE recovery_codes (
	code_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	code_hash VARCHAR(64) NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT pk_recovery_codes PRIMARY KEY (code_id), 
	CONSTRAINT fk_recovery_codes_account_id FOREIGN KEY(account_id) REFERENCES accounts (account_id)
);
INSERT INTO "recovery_codes" VALUES(1,2,'2222222222222222222222222222222222222222222222222222222222222222',NULL);
INSERT INTO "recovery_codes" VALUES(2,2,'3333333333333333333333333333333333333333333333333333333333333333','2026-11-22 14:16:05.416969');
CREATE TABLE school_links (
	urn INTEGER NOT NULL, 
	predecessor_urn INTEGER NOT NULL, 
	link_type VARCHAR NOT NULL, 
	linked_on DATE, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_school_links PRIMARY KEY (urn, predecessor_urn), 
	CONSTRAINT fk_school_links_upload_id FOREIGN KEY(upload_id) REFERENCES uploads (upload_id)
)
 WITHOUT ROWID

;
CREATE TABLE school_replies (
	reply_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	report_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	text TEXT, 
	received_on DATE NOT NULL, 
	recorded_by VARCHAR NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	withdrawn_at DATETIME, 
	withdrawn_by VARCHAR, 
	withdrawn_why TEXT, 
	CONSTRAINT fk_school_replies_report_id FOREIGN KEY(report_id) REFERENCES school_reports (report_id)
);
INSERT INTO "school_replies" VALUES(1,1,'census_error','Two of these were at another school.','2025-10-20','manager@example.org','2026-11-22 15:53:56.806363','2026-11-22 15:53:56.845695','manager@example.org','Recorded for the wrong school');
INSERT INTO "school_replies" VALUES(2,1,'accepted',NULL,'2025-10-20','manager@example.org','2026-11-22 15:53:56.860184',NULL,NULL,NULL);
CREATE TABLE school_reports (
	report_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	la_code INTEGER NOT NULL, 
	urn INTEGER NOT NULL, 
	period VARCHAR NOT NULL, 
	figures JSON NOT NULL, 
	sent_on DATE NOT NULL, 
	reply_due DATE NOT NULL, 
	by_term_dates BOOLEAN NOT NULL, 
	recorded_by VARCHAR NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	withdrawn_at DATETIME, 
	withdrawn_by VARCHAR, 
	withdrawn_why TEXT
);
INSERT INTO "school_reports" VALUES(1,999,900001,'202526-AUT','{"urn": 900001, "observed": 3}','2025-10-17','2025-11-07',1,'manager@example.org','2026-11-22 15:53:56.759143',NULL,NULL,NULL);
CREATE TABLE schools (
	urn INTEGER NOT NULL, 
	laestab INTEGER NOT NULL, 
	school_name VARCHAR NOT NULL, 
	phase VARCHAR NOT NULL, 
	establishment_type VARCHAR, 
	establishment_type_group VARCHAR NOT NULL, 
	status VARCHAR, 
	open_date DATE, 
	close_date DATE, 
	trust_name VARCHAR, 
	low_age INTEGER, 
	high_age INTEGER, 
	capacity INTEGER, 
	admissions_policy VARCHAR, 
	district VARCHAR, 
	ward VARCHAR, 
	easting FLOAT, 
	northing FLOAT, 
	predecessor_urn INTEGER, 
	link_type VARCHAR, 
	outreach_priority_override VARCHAR, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_schools PRIMARY KEY (urn)
)
 WITHOUT ROWID

;
INSERT INTO "schools" VALUES(900001,9992001,'Lanternmere Primary School','primary',NULL,'Local authority maintained schools','open',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "schools" VALUES(900002,9994002,'Quillbrook High School','secondary',NULL,'Academies','open','2024-09-01',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,900003,NULL,NULL,1);
INSERT INTO "schools" VALUES(900003,9994003,'Old Quillbrook School','secondary',NULL,'Local authority maintained schools','closed',NULL,'2024-08-31',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1);
CREATE TABLE sign_in_attempts (
	attempt_id INTEGER NOT NULL, 
	who VARCHAR(64) NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_sign_in_attempts PRIMARY KEY (attempt_id)
);
INSERT INTO "sign_in_attempts" VALUES(1,'0000000000000000000000000000000000000000000000000000000000000000','1111111111111111111111111111111111111111111111111111111111111111','2026-11-22 14:16:05.415355');
CREATE TABLE sign_in_sessions (
	session_id VARCHAR(32) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	account_id INTEGER NOT NULL, 
	is_complete BOOLEAN DEFAULT 0 NOT NULL, 
	created_at DATETIME NOT NULL, 
	last_seen_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	provider_token TEXT, 
	CONSTRAINT pk_sign_in_sessions PRIMARY KEY (session_id), 
	CONSTRAINT fk_sign_in_sessions_account_id FOREIGN KEY(account_id) REFERENCES accounts (account_id), 
	CONSTRAINT uq_sign_in_sessions_token_hash UNIQUE (token_hash)
);
INSERT INTO "sign_in_sessions" VALUES('f32407239c6e1f7e4fee3001fe453f0f','1495572a41ae3ac072b5ff37aa4e444b187435ad5d312122e2d14fe83c328d0d',2,1,'2026-11-22 14:16:05.413475','2026-11-22 14:16:05.413475',NULL,NULL);
CREATE TABLE statistical_neighbours (
	la_code INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	neighbour_code INTEGER NOT NULL, 
	closeness VARCHAR, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_statistical_neighbours PRIMARY KEY (la_code, rank), 
	CONSTRAINT fk_statistical_neighbours_upload_id FOREIGN KEY(upload_id) REFERENCES uploads (upload_id)
)
 WITHOUT ROWID

;
CREATE TABLE suspensions (
	source VARCHAR DEFAULT 'notified' NOT NULL, 
	urn INTEGER NOT NULL, 
	start_date DATE NOT NULL, 
	pupil_ref VARCHAR NOT NULL, 
	suspension_id VARCHAR, 
	end_date DATE, 
	sessions INTEGER NOT NULL, 
	category VARCHAR NOT NULL, 
	reason_1 VARCHAR NOT NULL, 
	reason_2 VARCHAR, 
	reason_3 VARCHAR, 
	ncyg VARCHAR, 
	sen_provision VARCHAR, 
	cla VARCHAR, 
	am_pm_start VARCHAR, 
	status VARCHAR, 
	cancelled_date DATE, 
	gb_considered_date DATE, 
	la_notified_date DATE, 
	day6_provider_urn INTEGER, 
	day6_start DATE, 
	reintegration_meeting_date DATE, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_suspensions PRIMARY KEY (source, urn, start_date, pupil_ref)
)
 WITHOUT ROWID

;
INSERT INTO "suspensions" VALUES('census',900001,'2025-09-15','P1','S1',NULL,4,'SUSP','DB',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,12);
INSERT INTO "suspensions" VALUES('notified',900001,'2025-09-15','P1','S1','2025-09-19',5,'SUSP','DB',NULL,NULL,'8',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,10);
INSERT INTO "suspensions" VALUES('notified',900001,'2025-10-04','P3','S3',NULL,2,'SUSP','PP',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,9);
INSERT INTO "suspensions" VALUES('notified',900001,'2025-10-06','P2','S2',NULL,2,'SUSP','PP',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,9);
INSERT INTO "suspensions" VALUES('notified',900001,'2025-10-07','P70',NULL,'2025-10-08',4,'SUSP','DB',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,16);
INSERT INTO "suspensions" VALUES('notified',900001,'2025-10-09','P71',NULL,'2025-10-09',2,'SUSP','VA',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,17);
INSERT INTO "suspensions" VALUES('notified',900002,'2025-10-06','P000002','S2','2025-10-07',4,'SUSP','PP',NULL,NULL,'9',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,5);
CREATE TABLE term_dates (
	applies_to INTEGER NOT NULL, 
	academic_year VARCHAR NOT NULL, 
	term VARCHAR NOT NULL, 
	first_day DATE NOT NULL, 
	last_day DATE NOT NULL, 
	closures VARCHAR, 
	upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_term_dates PRIMARY KEY (applies_to, academic_year, term)
)
 WITHOUT ROWID

;
INSERT INTO "term_dates" VALUES(999,'202526','AUT','2025-09-02','2025-12-19','2025-10-27/2025-10-31; 2025-12-01',2);
INSERT INTO "term_dates" VALUES(999,'202526','SPR','2026-01-05','2026-03-27','2026-02-16/2026-02-20',2);
INSERT INTO "term_dates" VALUES(999,'202526','SUM','2026-04-13','2026-07-21','2026-05-25/2026-05-29',2);
CREATE TABLE upload_changes (
	change_id INTEGER NOT NULL, 
	upload_id INTEGER NOT NULL, 
	"key" JSON NOT NULL, 
	"before" JSON NOT NULL, 
	replaced_upload_id INTEGER NOT NULL, 
	CONSTRAINT pk_upload_changes PRIMARY KEY (change_id), 
	CONSTRAINT fk_upload_changes_upload_id FOREIGN KEY(upload_id) REFERENCES uploads (upload_id)
);
INSERT INTO "upload_changes" VALUES(1,9,'[900001, "2025-09-15", "P000001"]','{"suspension_id": "S1", "pupil_ref": "P000001", "urn": 900001, "start_date": "2025-09-15", "end_date": "2025-09-19", "sessions": 10, "category": "SUSP", "reason_1": "DB", "reason_2": null, "reason_3": null, "ncyg": "8", "sen_provision": null, "cla": null, "am_pm_start": null, "status": null, "cancelled_date": null, "gb_considered_date": null, "la_notified_date": null, "day6_provider_urn": null, "day6_start": null, "reintegration_meeting_date": null, "source": "notified", "upload_id": 5}',5);
INSERT INTO "upload_changes" VALUES(2,10,'[900001, "2025-09-15", "P1"]','{"suspension_id": "S1", "pupil_ref": "P1", "urn": 900001, "start_date": "2025-09-15", "end_date": "2025-09-19", "sessions": 4, "category": "SUSP", "reason_1": "DB", "reason_2": null, "reason_3": null, "ncyg": "8", "sen_provision": null, "cla": null, "am_pm_start": null, "status": null, "cancelled_date": null, "gb_considered_date": null, "la_notified_date": null, "day6_provider_urn": null, "day6_start": null, "reintegration_meeting_date": null, "source": "notified", "upload_id": 9}',9);
INSERT INTO "upload_changes" VALUES(3,13,'["X1"]','{"pex_id": "X1", "pupil_ref": "P000001", "urn": 900001, "head_decision_date": "2025-10-20", "reason_1": "DB", "reason_2": null, "reason_3": null, "ncyg": null, "sen_provision": null, "cla": null, "gb_notified_date": null, "gb_meeting_date": null, "review_outcome": null, "irp_requested_date": null, "irp_date": null, "day6_start": null, "day6_provider": null, "home_la": null, "off_roll_date": null, "next_school_urn": null, "next_start_date": null, "funding_adjustment_gbp": null, "source": "notified", "upload_id": 6}',6);
INSERT INTO "upload_changes" VALUES(4,14,'["A1"]','{"placement_id": "A1", "pupil_ref": "P000001", "home_urn": 900001, "provider_urn": null, "provider_ukprn": null, "setting_type": "OOT", "provider_ref": null, "tier": null, "commissioner": null, "placement_reason": null, "start_date": "2025-10-01", "planned_end_date": null, "end_date": "2025-11-28", "attendance_pattern": "FT", "sessions_per_week": 10, "registration": null, "weekly_cost_gbp": null, "funding_line": null, "reintegration_plan": null, "planned_reintegration_date": null, "end_reason": "returned_home_school", "destination_urn": null, "upload_id": 7}',7);
INSERT INTO "upload_changes" VALUES(5,17,'[900001, "2025-10-09", "P71"]','{"suspension_id": null, "pupil_ref": "P71", "urn": 900001, "start_date": "2025-10-09", "end_date": null, "sessions": 2, "category": "SUSP", "reason_1": "VA", "reason_2": null, "reason_3": null, "ncyg": null, "sen_provision": null, "cla": null, "am_pm_start": null, "status": null, "cancelled_date": null, "gb_considered_date": null, "la_notified_date": null, "day6_provider_urn": null, "day6_start": null, "reintegration_meeting_date": null, "source": "notified", "upload_id": 16}',16);
CREATE TABLE upload_schools (
	upload_id INTEGER NOT NULL, 
	urn INTEGER NOT NULL, 
	academic_year VARCHAR NOT NULL, 
	term VARCHAR NOT NULL, 
	rows INTEGER NOT NULL, 
	CONSTRAINT pk_upload_schools PRIMARY KEY (upload_id, urn, academic_year, term), 
	CONSTRAINT fk_upload_schools_upload_id FOREIGN KEY(upload_id) REFERENCES uploads (upload_id)
);
INSERT INTO "upload_schools" VALUES(5,900001,'202526','AUT',1);
INSERT INTO "upload_schools" VALUES(5,900002,'202526','AUT',1);
INSERT INTO "upload_schools" VALUES(6,900001,'202526','AUT',1);
INSERT INTO "upload_schools" VALUES(6,900002,'202526','AUT',1);
INSERT INTO "upload_schools" VALUES(7,900001,'202526','AUT',1);
INSERT INTO "upload_schools" VALUES(8,900001,'202526','AUT',1);
INSERT INTO "upload_schools" VALUES(9,900001,'202526','AUT',3);
INSERT INTO "upload_schools" VALUES(10,900001,'202526','AUT',1);
INSERT INTO "upload_schools" VALUES(11,900001,'202526','AUT',1);
INSERT INTO "upload_schools" VALUES(12,900001,'202526','AUT',1);
INSERT INTO "upload_schools" VALUES(13,900001,'202526','AUT',1);
INSERT INTO "upload_schools" VALUES(14,900001,'202526','AUT',1);
INSERT INTO "upload_schools" VALUES(16,900001,'202526','AUT',2);
INSERT INTO "upload_schools" VALUES(17,900001,'202526','AUT',1);
CREATE TABLE uploads (
	upload_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	dataset VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	file_name VARCHAR NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	uploaded_by VARCHAR NOT NULL, 
	uploaded_at DATETIME NOT NULL, 
	period VARCHAR, 
	rows_accepted INTEGER NOT NULL, 
	rows_rejected INTEGER NOT NULL, 
	rows_queried INTEGER NOT NULL, 
	rows_new INTEGER NOT NULL, 
	rows_changed INTEGER NOT NULL, 
	rows_removed INTEGER NOT NULL, 
	undone_at DATETIME, 
	undone_by VARCHAR, 
	is_sample BOOLEAN DEFAULT 0 NOT NULL
, fingerprint VARCHAR(32));
INSERT INTO "uploads" VALUES(1,'schools','notified','schools.csv','55e69abe64ffb7dedfa1ce0360eb7c3d0280368e000ffb46e89ecbde4ebc1e26','a steward','2026-11-22 12:04:32.942092',NULL,3,0,0,3,0,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(2,'term_dates','notified','term_dates.csv','422e1f6ae2fd4317c040741217e1610dd0209c8d2b8b2569fd333c30ea33554b','a steward','2026-11-22 12:04:33.403852',NULL,3,0,0,3,0,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(3,'headcounts','notified','headcounts.csv','cbf5c25af957dd9ba8831e887506283e58016e9ad27c3978c6ea955dad8f853d','a steward','2026-11-22 12:04:33.921167',NULL,1,0,0,1,0,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(4,'pupils','notified','pupils.csv','ff74f936dcda83c770c565c97039c5b4ff6463e210aeeead72d8f628f18755ad','a steward','2026-11-22 12:04:34.070657',NULL,2,0,0,2,0,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(5,'suspensions','notified','suspensions.csv','cc30715bffce5da881e837c502767cd7baf778f1ee71274dfd02d7a2b31dd17f','a steward','2026-11-22 12:04:35.006253','202526-AUT',2,0,0,2,0,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(6,'permanent_exclusions','notified','permanent_exclusions.csv','266c9ce64e7efbfed2b84fdf82250056b041f83e491c7841e86f434215d3604c','a steward','2026-11-22 12:04:35.422580','202526-AUT',2,0,0,2,0,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(7,'ap_placements','notified','ap_placements.csv','81e44513be510c19475d942be59bec13af941c4abfcbec5a3784032e318b788e','a steward','2026-11-22 12:04:35.940674','202526-AUT',1,0,0,1,0,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(8,'outreach_cases','notified','outreach_cases.csv','3146b0314c9c39759ed1f3ce689d50f228c54245b6ded3832a77d42df18564c3','a steward','2026-11-22 12:04:36.324281','202526-AUT',1,0,0,1,0,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(9,'suspensions','notified','suspensions.csv','de66afd5dd8525d765c59f5e19e0bc45b1bbb2896d775c41c34fb310c8d06331','a steward','2026-11-22 12:04:37.132447','202526-AUT',3,0,3,2,1,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(10,'suspensions','notified','suspensions.csv','c0ca444d34d8853766cb8ea9ede362a111a70533c8e29cc07107aba7f5e64247','a steward','2026-11-22 12:04:38.170886','202526-AUT',1,0,1,0,1,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(11,'suspensions','notified','suspensions.csv','5e89bc7fbeb62260e2f84e1d9166b569902600ff13ef41b941ac3cb91ae498df','a steward','2026-11-22 12:04:38.938517','202526-AUT',1,0,1,1,0,0,'2026-11-22 12:04:39.047815','a steward',0,NULL);
INSERT INTO "uploads" VALUES(12,'suspensions','census','suspensions.csv','ec2d84aaec407eedac9ec97c3aa818908bd92624826e62b9e367814d04d397e6','a steward','2026-11-22 12:04:39.658937','202526-AUT',1,0,1,1,0,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(13,'permanent_exclusions','notified','permanent_exclusions.csv','27b40bb032ec07248e80907317029d58746e3727d8a6ab4fcb108628dfe5f240','a steward','2026-11-22 12:04:41.221826','202526-AUT',1,0,1,0,1,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(14,'ap_placements','notified','ap_placements.csv','96b6d6d5319f0fd4c42c6587c67e34c06fe8a95c2f01e76c460f51b5884060d9','a steward','2026-11-22 12:04:41.767736','202526-AUT',1,0,1,0,1,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(15,'area_statistics','published','national_figures.csv','f4e1f586bdb26014a9a52b07773ba5de37356ad406dbe29ac58c4e9502d3c752','a steward','2026-11-22 12:04:41.855596','201112 201213 201314 201415 201516 201617 202223 202324 202324-AUT 202425-AUT',33,0,0,33,0,0,NULL,NULL,0,NULL);
INSERT INTO "uploads" VALUES(16,'suspensions','notified','suspensions.csv','db0d6e396cb7eb9e61a640ddf0892db66287966298ed72f32be6f2c5f72f8251','tester','2026-11-22 14:16:06.195932','202526-AUT',2,0,2,2,0,0,NULL,NULL,0,'2 1130788057d54cb0');
INSERT INTO "uploads" VALUES(17,'suspensions','notified','suspensions.csv','554874672ec5e50b098c18f6b230a402c3fa89256f50746de02509903733b59d','tester','2026-11-22 14:16:06.907509','202526-AUT',1,0,1,0,1,0,NULL,NULL,0,'1 bdfb91f259be0749');
CREATE INDEX ix_open_queries_upload_id ON open_queries (upload_id);
CREATE INDEX ix_published_la_rates_upload_id ON published_la_rates (upload_id);
CREATE INDEX ix_published_statistics_area ON published_statistics (la_code, geographic_level, academic_year, term);
CREATE INDEX ix_school_links_upload_id ON school_links (upload_id);
CREATE INDEX ix_statistical_neighbours_upload_id ON statistical_neighbours (upload_id);
CREATE INDEX ix_upload_changes_replaced_upload_id ON upload_changes (replaced_upload_id);
CREATE INDEX ix_upload_changes_upload_id ON upload_changes (upload_id);
CREATE INDEX ix_audit_events_action ON audit_events (action);
CREATE INDEX ix_audit_events_subject ON audit_events (subject);
CREATE INDEX ix_audit_pupils_pupil ON audit_pupils (pupil);
CREATE INDEX ix_pupil_identities_subject ON pupil_identities (subject);
CREATE INDEX ix_sign_in_attempts_address_at ON sign_in_attempts (address, at);
CREATE INDEX ix_sign_in_attempts_who_at ON sign_in_attempts (who, at);
CREATE INDEX ix_grants_account_id ON grants (account_id);
CREATE INDEX ix_recovery_codes_account_id ON recovery_codes (account_id);
CREATE INDEX ix_sign_in_sessions_account_id ON sign_in_sessions (account_id);
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
CREATE TRIGGER audit_pupils_no_update BEFORE UPDATE ON audit_pupils BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
CREATE TRIGGER audit_pupils_no_delete BEFORE DELETE ON audit_pupils BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
CREATE INDEX ix_allocation_decisions_la_code ON allocation_decisions (la_code);
CREATE INDEX ix_school_reports_urn ON school_reports (urn);
CREATE INDEX ix_school_replies_report_id ON school_replies (report_id);
CREATE TRIGGER school_reports_no_edit BEFORE UPDATE OF la_code, urn, period, figures, sent_on, reply_due, by_term_dates, recorded_by, recorded_at ON school_reports BEGIN SELECT RAISE(ABORT, 'what was written down is withdrawn, not edited'); END;
CREATE TRIGGER school_replies_no_edit BEFORE UPDATE OF report_id, kind, text, received_on, recorded_by, recorded_at ON school_replies BEGIN SELECT RAISE(ABORT, 'what was written down is withdrawn, not edited'); END;
CREATE TRIGGER frozen_lists_no_edit BEFORE UPDATE OF la_code, name, question, rows, data_version, recorded_by, recorded_at ON frozen_lists BEGIN SELECT RAISE(ABORT, 'what was written down is withdrawn, not edited'); END;
CREATE TRIGGER allocation_decisions_no_edit BEFORE UPDATE OF la_code, period, hours, assumptions, rows, decided_on, note, recorded_by, recorded_at ON allocation_decisions BEGIN SELECT RAISE(ABORT, 'what was written down is withdrawn, not edited'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('uploads',17);
INSERT INTO "sqlite_sequence" VALUES('accounts',3);
INSERT INTO "sqlite_sequence" VALUES('audit_events',16);
INSERT INTO "sqlite_sequence" VALUES('school_reports',1);
INSERT INTO "sqlite_sequence" VALUES('school_replies',2);
INSERT INTO "sqlite_sequence" VALUES('frozen_lists',1);
INSERT INTO "sqlite_sequence" VALUES('allocation_decisions',1);
COMMIT;
