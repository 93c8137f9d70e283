"""Names that would mean something to HTML, SVG, gnuplot or a shell, and how a page shows them."""
HOSTILE = [
    "</script><script>alert(1)</script>",
    "'\"><img src=x onerror=alert(1)>&lt;",
    "@a{/:Bold b}^c_d \\n %s %d $(reboot) `reboot`",
    "\"; system(\"touch pwned\"); plot \"\n\tx\x01\u202e",
    "</style></svg></text></pre><!--" + "名前" * 60 + "]]>",
]
SEEN = [
    "</script><script>alert(1)</script>",
    "'\"><img src=x onerror=alert(1)>&lt;",
    "@a{/:Bold b}^c_d \\n %s %d $(reboot) `reboot`",
    "\"; system(\"touch pwned\"); plot \"U+000AU+0009xU+0001U+202E",
    "</style></svg></text></pre><!--" + "名前" * 60 + "]]>",
]
