"""PDF documents from HTML: closed to the network, the same bytes every time, readable in Thai."""
