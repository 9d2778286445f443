"""Whether free text seems to name a person: a cautious guess, so that it is worth reading where it says so.

Text is taken to name somebody where it has

* a title and a capitalised word: `Mrs Okafor`, `Dr. Lund`; or
* one of the forenames below with a capital first letter, as a whole word: `Aisha was calm`, `Oliver's mother`.

The forenames are common ones in England. Those that are also words, months or places are left out (Will, Grace, Mark,
Summer, Chelsea), and so is a name after St, King or Queen or before Road, School and the like, which is a place's
(`St Thomas`, `Charlotte Street`). Surnames alone, rarer names and names in small or in capital letters are not found.
Nothing here keeps, returns or prints the words that it finds.
"""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

_FORENAMES = """
    Aaliyah Aaron Abdul Abdullah Abigail Abubakar Adam Adele Agnieszka Ahmed Aidan Aiden Aisha Alan Albie Aleksander
    Alesha Alex Alexander Alexandra Alfie Alice Alisha Amanda Amelia Amina Amir Amira Amy Andrea Andrew Andrzej
    Angela Anna Annabelle Anthony Antonia Archie Arjun Arthur Ashraf Ayaan Ayesha Barbara Beatrice Benjamin Bethany
    Bilal Brandon Brian Caitlin Callum Cameron Carly Caroline Catherine Charlie Charlotte Chloe Christine
    Christopher Claire Connor Courtney Craig Daniel Darren David Deborah Declan Demi Denise Diane Dominic Donna
    Dylan Edward Eleanor Elijah Elizabeth Ella Ellie Elliot Emily Emma Ethan Evelyn Evie Ewa Fatima Fatimah Finlay
    Finley Fiona Frankie Freddie Frederick Freya Gabriel Gareth Gemma Geoffrey Georgina Graham Hamza Hannah Harriet
    Hassan Helen Henry Hussain Ibrahim Imogen Imran Isaac Isabel Isabella Isabelle Isla Ismail Jacob Jacqueline Jake
    James Jamie Janet Jasmin Jasmine Jason Jayden Jenna Jennifer Jeremy Jessica Joanna Joanne Joel John Jonathan
    Joseph Joshua Julie Kaden Karen Katarzyna Kate Katherine Kathryn Katie Kayden Kayla Kayleigh Keira Kelly Kevin
    Khadija Kian Kieran Kimberley Krzysztof Kyle Laila Laura Lauren Layla Leah Leanne Leo Leon Lewis Liam Lillie
    Linda Lisa Logan Louis Louise Lucas Lucy Luke Lydia Maisie Malachi Margaret Maria Mariam Martin Mary Maryam
    Matilda Matthew Maxwell Megan Melissa Mia Michael Michelle Millie Mohamed Mohammad Mohammed Mollie Molly
    Muhammad Musa Mustafa Naomi Natalie Natasha Nathan Nathaniel Niamh Nicholas Nicola Nicole Noah Oliver Olivia
    Omar Oscar Owen Patrick Paul Paula Peter Philip Phillip Phoebe Piotr Rachel Rebecca Reuben Rhys Richard Riley
    Robert Rory Rosie Ryan Safiya Samantha Samuel Sandra Sara Sarah Scott Sean Sebastian Shannon Sharon Shaun
    Siobhan Sofia Sophia Sophie Stacey Stephanie Stephen Steven Stuart Susan Syed Tanisha Teresa Thomas Timothy Toby
    Tommy Tracey Tyler Vanessa Wayne William Xavier Yasmin Yusuf Zachary Zainab Zara Zayn Zoe Zofia
"""
_PLACE = (
    r"\b(St|Saint|King|Queen|Prince|Princess|Bishop)\.? [A-Z][a-z]+"
    r"|\bMiss [A-Z][a-z]+day\b"
    r"|\b[A-Z][a-z]+('s|’s)?( [A-Z][a-z]+('s|’s)?)? "
    r"(Road|Street|Lane|Avenue|Drive|Close|Park|House|Court|School|Academy|Primary|College|Centre|Trust|Hospital)\b"
)
_PERSON = rf"\b(Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z][a-z'’-]+|\b({'|'.join(_FORENAMES.split())})\b"


def seems_to_name_somebody(texts: pd.Series) -> "pd.Series[bool]":
    """Whether each text seems to name a person, with the index of `texts`; a missing text does not."""
    plain = pc.replace_substring_regex(pa.array(texts, pa.string(), from_pandas=True), _PLACE, " ")
    found = pc.match_substring_regex(plain, _PERSON).fill_null(False)
    return pd.Series(found.to_numpy(zero_copy_only=False), index=texts.index)
