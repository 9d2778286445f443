"""Which file a message to the browser hands over: the gate asks, so that nobody else can take it."""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


def file_in(frame: bytes) -> str | None:
    """The address of the file that was made because a download button was pressed; None in every other message.

    It is read from its own field, and not looked for: what somebody typed could look like an address.
    """
    if b"/media/" not in frame:
        return None
    message = ForwardMsg()
    message.ParseFromString(frame)
    return message.backend_operation_response.deferred_file.url or None
