"""A history of several weeks that was made up, to show the pages before there is a real one."""
