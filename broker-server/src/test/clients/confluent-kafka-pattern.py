"""Produces to three topics and consumes them in a group that subscribes by pattern; lists all topics, too. Prints
"ok COUNT" when every record came back.

usage: confluent-kafka-pattern.py BOOTSTRAP PREFIX COUNT
"""
import sys
import time

from confluent_kafka import Consumer, Producer

bootstrap, prefix, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
topics = [prefix + "-" + name for name in ("a", "b", "c")]
failures = []
producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True, "linger.ms": 5})
for i in range(count):
    producer.produce(
        topics[i % len(topics)],
        value=b"%d" % i,
        on_delivery=lambda error, _: error and failures.append(error),
    )
    producer.poll(0)
producer.produce("other", value=b"of no concern")
assert producer.flush(60) == 0, "records are still on their way"
assert not failures, failures

consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": prefix + "-pattern", "auto.offset.reset": "earliest"})
listed = consumer.list_topics(timeout=30).topics
assert set(topics) | {"other"} <= set(listed), listed
consumer.subscribe(["^" + prefix + "-.*"])
seen = set()
deadline = time.monotonic() + 60
while len(seen) < count and time.monotonic() < deadline:
    record = consumer.poll(0.5)
    if record is None:
        continue
    assert record.error() is None, record.error()
    assert record.topic() in topics, record.topic()
    seen.add(int(record.value()))
consumer.close()
assert len(seen) == count, "only %d of %d records came back" % (len(seen), count)
print("ok %d" % len(seen))
