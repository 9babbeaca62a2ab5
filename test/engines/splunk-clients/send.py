"""Sends three events by splunk_handler: port and token are its arguments."""
import logging
import sys

from splunk_handler import SplunkHandler, force_flush

handler = SplunkHandler(
    host="127.0.0.1",
    port=int(sys.argv[1]),
    token=sys.argv[2],
    index="main",
    protocol="http",
    verify=False,
    retry_count=0,
    flush_interval=0.5,
    sourcetype="test",
)
logger = logging.getLogger("test")
logger.addHandler(handler)
for number in range(3):
    logger.warning('event %d "größe"', number)
force_flush()
