"""Settings of the documentation site (``make site``). Every page opens without a network."""

from iro_analysis import __version__

project = "IRO analysis suite"
version = release = __version__
language = "en_GB"
root_doc = "index"

extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
myst_heading_anchors = 3
smartquotes = False  # the words as they are recorded
highlight_language = "none"  # commands, listings and TOML; Python says that it is Python

autodoc_member_order = "bysource"
toc_object_entries = False  # the contents would list every function on every page
autodoc_use_type_comments = False  # there are none; looking for them takes seconds
autodoc_typehints = "none"  # the docstring says what each argument is
numpydoc_show_class_members = False  # autodoc lists them

html_theme = "furo"
html_title = "IRO analysis suite"
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
html_theme_options = {"navigation_with_keys": True}
