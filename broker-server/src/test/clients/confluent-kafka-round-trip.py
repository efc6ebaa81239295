"""Produces and consumes with python3-confluent-kafka, the consumer in a group; prints "ok COUNT" when every record
came back.

usage: confluent-kafka-round-trip.py BOOTSTRAP TOPIC COUNT
"""
import sys
import time

from confluent_kafka import Consumer, Producer

bootstrap, topic, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
failures = []
producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "compression.type": "lz4"})
for i in range(count):
    producer.produce(
        topic,
        key=b"k%d" % i,
        value=b"v%d" % i,
        headers=[("n", b"%d" % i)],
        on_delivery=lambda error, _: error and failures.append(error),
    )
    producer.poll(0)
producer.flush(30)
assert not failures, failures

consumer = Consumer(
    {
        "bootstrap.servers": bootstrap,
        "group.id": topic + "-group",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
    }
)
consumer.subscribe([topic])
seen = set()
deadline = time.monotonic() + 30
while len(seen) < count and time.monotonic() < deadline:
    record = consumer.poll(0.5)
    if record is None:
        continue
    assert record.error() is None, record.error()
    number = record.value()[1:]
    assert record.key() == b"k" + number and record.headers() == [("n", number)], record
    seen.add(number)
consumer.commit(asynchronous=False)
consumer.close()
assert len(seen) == count, "only %d of %d records came back" % (len(seen), count)
print("ok %d" % len(seen))
