"""The steps of OldClientsTest with python3-kafka at a level of its protocol: produces COUNT records with each codec, reads them alone
and in a group that goes on after its commit, and prints what a new client has written to RECENT.

usage: python-kafka-old-round-trip.py BOOTSTRAP TOPIC COUNT RECENT LEVEL
"""
import sys
import time

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

bootstrap, topic, count, recent = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
level = tuple(int(part) for part in sys.argv[5].split("."))
timestamps = level >= (0, 10)
start_ms = int(time.time() * 1000)
codecs = ["none", "gzip", "snappy", "lz4"]


def value(key):
    return key + "." * (int(key.split("-")[1]) % 400)


def produce(codec):
    producer = KafkaProducer(
        bootstrap_servers=bootstrap,
        api_version=level,
        acks="all",
        compression_type=None if codec == "none" else codec,
        linger_ms=20,
    )
    sent = []
    for i in range(count):
        key = "%s-%d" % (codec, i)
        timestamp_ms = start_ms + i if timestamps else None
        sent.append(producer.send(topic, key=key.encode(), value=value(key).encode(), timestamp_ms=timestamp_ms))
    for one in sent:
        one.get(30)
    producer.close()


def consumer(group=None):
    return KafkaConsumer(
        bootstrap_servers=bootstrap,
        api_version=level,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=100000,
        consumer_timeout_ms=30000,
    )


def read(records, until, seen):
    for record in records:
        key = record.key.decode()
        assert key not in seen, "read twice: " + key
        assert record.value.decode() == value(key), "came back changed: %s" % (record,)
        if timestamps:
            assert record.timestamp == start_ms + int(key.split("-")[1]), "another time: %s" % (record,)
        seen.add(key)
        if len(seen) == until:
            return
    raise AssertionError("%d of %d records" % (len(seen), until))


for one in codecs:
    produce(one)
everything = len(codecs) * count

alone = consumer()
alone.assign([TopicPartition(topic, partition) for partition in (0, 1)])
read(alone, everything, set())
alone.close()

together = set()
for until in (everything // 2, everything):
    member = consumer(topic + "-group")
    member.subscribe([topic])
    read(member, until, together)
    member.commit()
    member.close()

reader = consumer()
reader.assign([TopicPartition(recent, 0)])
for record in reader:
    print(record.key.decode(), record.value.decode())
    if record.value == b"end":
        break
reader.close()
print("ok %d" % len(together))
