"""The archive for other programs' models, by the Model Context Protocol.

``shapes`` says what each tool takes and gives, ``tools`` does it, ``server`` speaks the protocol, by ``transports``: stdio
(``command``), or mounted into a web server. Needs the extra ``mcp``; nothing else imports it.
"""
