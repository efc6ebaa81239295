"""Administers a cluster of three with python3-confluent-kafka, and is refused what cannot be; prints "ok" at the end. What
newer versions of it can do besides is done where it is there.

usage: confluent-kafka-admin.py BOOTSTRAP
"""
import sys
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

bootstrap = sys.argv[1]
topic = "from-librdkafka"
admin = AdminClient({"bootstrap.servers": bootstrap})


def done(futures):
    return {each: future.result(30) for each, future in futures.items()}


def refused(code, futures):
    for future in futures.values():
        try:
            future.result(30)
        except KafkaException as error:
            assert error.args[0].code() == code, error
        else:
            raise AssertionError("not refused: %d" % code)


def until(what, condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "not in time: " + what
        time.sleep(0.02)


def partitions():
    return admin.list_topics(topic, 30).topics[topic].partitions


done(admin.create_topics([NewTopic(topic, 2, 3)], validate_only=True))
assert topic not in admin.list_topics(timeout=30).topics
done(admin.create_topics([NewTopic(topic, replica_assignment=[[1, 2], [2, 3]], num_partitions=2)]))
refused(KafkaError.TOPIC_ALREADY_EXISTS, admin.create_topics([NewTopic(topic, 2, 3)]))
refused(KafkaError.INVALID_REPLICATION_FACTOR, admin.create_topics([NewTopic("too-wide", 1, 4)]))
refused(KafkaError.TOPIC_EXCEPTION, admin.create_topics([NewTopic("no name", 1, 1)]))
refused(KafkaError.INVALID_CONFIG, admin.create_topics([NewTopic("odd", 1, 1, config={"retention.ms": "soon"})]))

done(admin.create_partitions([NewPartitions(topic, 3, replica_assignment=[[3, 1]])]))
until("three partitions", lambda: len(partitions()) == 3)
assert partitions()[2].replicas == [3, 1] and partitions()[2].leader == 3
refused(KafkaError.INVALID_PARTITIONS, admin.create_partitions([NewPartitions(topic, 3)]))
refused(KafkaError.UNKNOWN_TOPIC_OR_PART, admin.create_partitions([NewPartitions("nothing", 3)]))
assert sorted(admin.list_topics(timeout=30).brokers) == [1, 2, 3]


def setting(kind, name, key):
    resource = ConfigResource(kind, name)
    return done(admin.describe_configs([resource]))[resource][key].value


done(admin.alter_configs([ConfigResource("topic", topic, set_config={"retention.ms": "7000"})]))
assert setting("topic", topic, "retention.ms") == "7000"
refused(KafkaError.INVALID_CONFIG, admin.alter_configs([ConfigResource("topic", topic, set_config={"retention.ms": "soon"})]))
refused(KafkaError.UNKNOWN_TOPIC_OR_PART, admin.describe_configs([ConfigResource("topic", "nothing")]))
assert setting("broker", "1", "broker.id") == "1"

producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
for i in range(10):
    producer.produce(topic, b"v%d" % i, partition=0)
assert producer.flush(30) == 0
consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "librdkafka-readers", "enable.auto.commit": False})
consumer.subscribe([topic])
until("an assignment", lambda: consumer.poll(0.05) is None and len(consumer.assignment()) == 3)
consumer.commit(offsets=[TopicPartition(topic, 0, 4)], asynchronous=False)
assert consumer.committed([TopicPartition(topic, 0)], 30)[0].offset == 4
group = admin.list_groups("librdkafka-readers", 30)[0]
assert (group.state, group.protocol_type, len(group.members)) == ("Stable", "consumer", 1), group

if hasattr(admin, "delete_consumer_groups"):
    refused(KafkaError.NON_EMPTY_GROUP, admin.delete_consumer_groups(["librdkafka-readers"]))
consumer.close()

if hasattr(admin, "list_consumer_groups"):
    assert "librdkafka-readers" in [each.group_id for each in admin.list_consumer_groups().result(30).valid]
if hasattr(admin, "alter_consumer_group_offsets"):
    from confluent_kafka import ConsumerGroupTopicPartitions as Positions

    done(admin.alter_consumer_group_offsets([Positions("librdkafka-readers", [TopicPartition(topic, 0, 5)])]))
    positions = done(admin.list_consumer_group_offsets([Positions("librdkafka-readers")]))["librdkafka-readers"]
    assert [(each.partition, each.offset) for each in positions.topic_partitions] == [(0, 5)], positions
if hasattr(admin, "incremental_alter_configs"):
    from confluent_kafka.admin import AlterConfigOpType, ConfigEntry

    entry = ConfigEntry("max.message.bytes", "2000", incremental_operation=AlterConfigOpType.SET)
    done(admin.incremental_alter_configs([ConfigResource("topic", topic, incremental_configs=[entry])]))
    assert setting("topic", topic, "max.message.bytes") == "2000"
    assert setting("topic", topic, "retention.ms") == "7000"
if hasattr(admin, "delete_records"):
    assert done(admin.delete_records([TopicPartition(topic, 0, 3)])).popitem()[1].low_watermark == 3
    refused(KafkaError.OFFSET_OUT_OF_RANGE, admin.delete_records([TopicPartition(topic, 0, 99)]))
if hasattr(admin, "elect_leaders"):
    from confluent_kafka import ElectionType

    elected = admin.elect_leaders(ElectionType.PREFERRED, [TopicPartition(topic, 0), TopicPartition("nothing", 0)]).result(30)
    codes = {each.topic: error.code() for each, error in elected.items()}
    assert codes == {topic: KafkaError.ELECTION_NOT_NEEDED, "nothing": KafkaError.UNKNOWN_TOPIC_OR_PART}, codes
if hasattr(admin, "describe_cluster"):
    assert sorted(each.id for each in admin.describe_cluster().result(30).nodes) == [1, 2, 3]
if hasattr(admin, "delete_consumer_groups"):
    done(admin.delete_consumer_groups(["librdkafka-readers"]))
    refused(KafkaError.GROUP_ID_NOT_FOUND, admin.delete_consumer_groups(["librdkafka-readers"]))

done(admin.delete_topics([topic]))
refused(KafkaError.UNKNOWN_TOPIC_OR_PART, admin.delete_topics([topic]))
print("ok")
