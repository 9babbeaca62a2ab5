"""A record processor of amazon_kclpy. Its stdout is the protocol with the KCL's daemon, so events go to the file in EVENTS_FILE:
"init SHARD", "record SHARD SEQUENCE TEXT", "ended SHARD", "stopping SHARD"."""

import os

from amazon_kclpy import kcl
from amazon_kclpy.v3 import processor


class Processor(processor.RecordProcessorBase):
    shard = None

    def write(self, *words):
        with open(os.environ["EVENTS_FILE"], "a", encoding="utf-8") as events:
            events.write(" ".join(words) + "\n")

    def initialize(self, initialize_input):
        self.shard = initialize_input.shard_id
        self.write("init", self.shard)

    def process_records(self, process_records_input):
        for record in process_records_input.records:
            self.write("record", self.shard, record.sequence_number, record.binary_data.decode())
        process_records_input.checkpointer.checkpoint()

    def lease_lost(self, lease_lost_input):
        self.write("lost", self.shard)

    def shard_ended(self, shard_ended_input):
        self.write("ended", self.shard)
        shard_ended_input.checkpointer.checkpoint()

    def shutdown_requested(self, shutdown_requested_input):
        self.write("stopping", self.shard)
        shutdown_requested_input.checkpointer.checkpoint()


if __name__ == "__main__":
    kcl.KCLProcess(Processor()).run()
