"""Transactions of python3-confluent-kafka, in the steps of ForeignTransactionsTest: prints each step when it is done, and
waits for a line of input after "open" and "restart".

usage: confluent-kafka-transactions.py BOOTSTRAP        (topics t with 3 partitions, in with 1 and wide with 200 are there)
"""
import sys

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

bootstrap = sys.argv[1]
LIMIT = 30


def say(step):
    print(step, flush=True)


def started(transactional_id, **more):
    settings = {"bootstrap.servers": bootstrap, "transactional.id": transactional_id}
    settings.update({name.replace("_", "."): value for name, value in more.items()})
    producer = Producer(settings)
    producer.init_transactions(LIMIT)
    return producer


def send(producer, *values, topic="t", partitions=3):
    for i, value in enumerate(values):
        producer.produce(topic, partition=i % partitions, value=value)
    assert producer.flush(LIMIT) == 0, "records are still on their way"


def refused(producer):
    try:
        producer.commit_transaction(LIMIT)
    except KafkaException:
        return True
    return False


slow = started("slow", transaction_timeout_ms=5000)
slow.begin_transaction()
send(slow, "too late")

plain = started("plain")
plain.begin_transaction()
send(plain, "committed 0", "committed 1", "committed 2", "committed 3")
plain.commit_transaction(LIMIT)
plain.begin_transaction()
send(plain, "aborted 0", "aborted 1")
plain.abort_transaction(LIMIT)
say("ended")

consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "copiers"})
for position, commits in ((5, True), (9, False)):
    plain.begin_transaction()
    send(plain, "with position %d" % position)
    plain.send_offsets_to_transaction([TopicPartition("in", 0, position)], consumer.consumer_group_metadata(), LIMIT)
    plain.commit_transaction(LIMIT) if commits else plain.abort_transaction(LIMIT)
consumer.close()
say("positions")

zombie = started("shared")
zombie.begin_transaction()
send(zombie, "of a zombie")
heir = started("shared")
assert refused(zombie), "the zombie has committed"
heir.begin_transaction()
send(heir, "of its heir")
heir.commit_transaction(LIMIT)
say("fenced")

plain.begin_transaction()
send(plain, *["wide %d" % i for i in range(200)], topic="wide", partitions=200)
plain.commit_transaction(LIMIT)
say("wide")

say("open")
sys.stdin.readline()
assert refused(slow), "what was aborted has been committed"
say("timed out")

plain.begin_transaction()
send(plain, "before")
say("restart")
sys.stdin.readline()
send(plain, "after")
plain.commit_transaction(LIMIT)
say("restarted")
