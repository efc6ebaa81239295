"""Produces and consumes with python3-kafka, the consumer in a group; prints "ok COUNT" when every record came back.

usage: python-kafka-round-trip.py BOOTSTRAP TOPIC COUNT
"""
import sys

from kafka import KafkaConsumer, KafkaProducer

bootstrap, topic, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", compression_type="gzip", linger_ms=5)
for i in range(count):
    producer.send(topic, key=b"k%d" % i, value=b"v%d" % i, headers=[("n", b"%d" % i)])
producer.flush()
producer.close()

consumer = KafkaConsumer(
    topic,
    bootstrap_servers=bootstrap,
    group_id=topic + "-group",
    auto_offset_reset="earliest",
    enable_auto_commit=False,
    consumer_timeout_ms=30000,
)
seen = set()
for record in consumer:
    number = record.value[1:]
    assert record.key == b"k" + number and record.headers == [("n", number)], record
    seen.add(number)
    if len(seen) == count:
        break
consumer.commit()
consumer.close()
assert len(seen) == count, "only %d of %d records came back" % (len(seen), count)
print("ok %d" % len(seen))
