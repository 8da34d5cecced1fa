"""Pictures and papers that people keep: certificate, progress, and a sheet for the wall.

Pure functions from frozen data to bytes. Every word shown is a field of the data; ``fonts`` knows the typeface,
``blocks`` fits text into a room, ``shapes`` says what stands on a page, ``png`` and ``pdf`` draw it.
"""
