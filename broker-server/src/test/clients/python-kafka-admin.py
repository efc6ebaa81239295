"""Administers a cluster of three with python3-kafka, and is refused what cannot be; prints "ok" at the end.

usage: python-kafka-admin.py BOOTSTRAP
"""
import sys
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition, errors
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.structs import OffsetAndMetadata

bootstrap = sys.argv[1].split(",")
topic = "from-python"
admin = KafkaAdminClient(bootstrap_servers=bootstrap)


def refused(error, call):
    try:
        call()
    except error:
        return
    raise AssertionError("not refused: %s" % error)


def until(what, condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "not in time: " + what
        time.sleep(0.02)


def partitions():
    return admin.describe_topics([topic])[0]["partitions"]


admin.create_topics([NewTopic(topic, 2, 3)], validate_only=True)
assert topic not in admin.list_topics()
admin.create_topics([NewTopic(topic, 2, 3, topic_configs={"retention.ms": "7000"})])
refused(errors.TopicAlreadyExistsError, lambda: admin.create_topics([NewTopic(topic, 2, 3)]))
refused(errors.InvalidReplicationFactorError, lambda: admin.create_topics([NewTopic("too-wide", 1, 4)]))
refused(errors.InvalidTopicError, lambda: admin.create_topics([NewTopic("no name", 1, 1)]))
refused(errors.InvalidPartitionsError, lambda: admin.create_topics([NewTopic("empty", 0, 1)]))

admin.create_partitions({topic: NewPartitions(4, [[1, 2, 3], [2, 3, 1]])})
until("four partitions", lambda: len(partitions()) == 4)
assert [each["replicas"] for each in partitions() if each["partition"] == 3] == [[2, 3, 1]]
refused(errors.InvalidPartitionsError, lambda: admin.create_partitions({topic: NewPartitions(4)}))
refused(errors.UnknownTopicOrPartitionError, lambda: admin.create_partitions({"nothing": NewPartitions(4)}))
cluster = admin.describe_cluster()
assert sorted(each["node_id"] for each in cluster["brokers"]) == [1, 2, 3], cluster


def described(kind, name, setting):
    answers = admin.describe_configs([ConfigResource(kind, name, {setting: None})])
    return [entry[1] for answer in answers for resource in answer.resources for entry in resource[4]]


assert described(ConfigResourceType.TOPIC, topic, "retention.ms") == ["7000"]
admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": "2000"})])
# What AlterConfigs does not name goes back to its default.
assert described(ConfigResourceType.TOPIC, topic, "max.message.bytes") == ["2000"]
assert described(ConfigResourceType.TOPIC, topic, "retention.ms") != ["7000"]
answer = admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"retention.ms": "soon"})])
assert answer.resources[0][0] == errors.InvalidConfigurationError.errno, answer
assert described(ConfigResourceType.BROKER, "1", "broker.id") == ["1"]

producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
for i in range(10):
    producer.send(topic, b"v%d" % i, partition=0)
producer.close()
consumer = KafkaConsumer(topic, bootstrap_servers=bootstrap, group_id="python-readers", enable_auto_commit=False)
until("an assignment", lambda: consumer.poll(50) is not None and len(consumer.assignment()) == 4)
consumer.commit({TopicPartition(topic, 0): OffsetAndMetadata(4, "half")})
assert ("python-readers", "consumer") in admin.list_consumer_groups()
group = admin.describe_consumer_groups(["python-readers"])[0]
assert (group.state, len(group.members)) == ("Stable", 1), group
assert group.members[0].member_assignment.assignment[0][0] == topic, group
positions = admin.list_consumer_group_offsets("python-readers")
assert positions == {TopicPartition(topic, 0): OffsetAndMetadata(4, "half")}, positions
assert admin.delete_consumer_groups(["python-readers"]) == [("python-readers", errors.NonEmptyGroupError)]
consumer.close()
until("an empty group", lambda: admin.describe_consumer_groups(["python-readers"])[0].state == "Empty")
assert admin.delete_consumer_groups(["python-readers"]) == [("python-readers", errors.NoError)]
assert admin.delete_consumer_groups(["python-readers"]) == [("python-readers", errors.GroupIdNotFoundError)]

admin.delete_topics([topic])
refused(errors.UnknownTopicOrPartitionError, lambda: admin.delete_topics([topic]))
assert topic not in admin.list_topics()
admin.close()
print("ok")
