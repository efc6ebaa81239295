"""Comes in by each way that a line of the input names, with python3-confluent-kafka; then creates a topic, writes, and reads in
a group. Prints "NAME ok" or, where it is not let in, "NAME refused".

usage: confluent-kafka-guarded.py TRUSTED.pem CERTIFICATE.pem KEY.pem
each line: NAME BOOTSTRAP PROTOCOL MECHANISM USER PASSWORD REPLICAS, with tabs between them, "-" for none
"""
import sys
import time

from confluent_kafka import Consumer, KafkaError, Producer
from confluent_kafka.admin import AdminClient, NewTopic

COUNT = 20
trusted, certificate, key = sys.argv[1:4]


def settings(bootstrap, protocol, mechanism, user, password, refusals):
    def on_error(error):
        if error.code() in (KafkaError._AUTHENTICATION, KafkaError._SSL):
            refusals.append(error)

    found = {"bootstrap.servers": bootstrap, "security.protocol": protocol, "error_cb": on_error}
    if protocol.endswith("SSL"):
        found["ssl.ca.location"] = trusted
        found["ssl.endpoint.identification.algorithm"] = "https"
        if mechanism == "certificate":
            found["ssl.certificate.location"] = certificate
            found["ssl.key.location"] = key
    if protocol.startswith("SASL"):
        found["sasl.mechanism"] = mechanism
        if mechanism == "OAUTHBEARER":
            found["enable.sasl.oauthbearer.unsecure.jwt"] = True
            found["sasl.oauthbearer.config"] = "principal=" + user
        else:
            found["sasl.username"] = user
            found["sasl.password"] = password
    return found


def visit(name, replicas, client):
    admin = AdminClient(client)
    admin.create_topics([NewTopic(name, 3, replicas)])[name].result(30)
    assert len(admin.list_topics(timeout=30).brokers) == replicas
    failures = []
    producer = Producer(client)
    for i in range(COUNT):
        producer.produce(name, b"v%d" % i, on_delivery=lambda error, _: error and failures.append(error))
    producer.flush(30)
    assert not failures, failures
    consumer = Consumer({**client, "group.id": name, "auto.offset.reset": "earliest"})
    consumer.subscribe([name])
    seen = set()
    deadline = time.monotonic() + 30
    while len(seen) < COUNT and time.monotonic() < deadline:
        record = consumer.poll(0.5)
        if record is not None:
            assert record.error() is None, record.error()
            seen.add(record.value())
    consumer.close()
    assert len(seen) == COUNT, "only %d of %d records came back" % (len(seen), COUNT)


def is_refused(client, refusals):
    producer = Producer(client)
    deadline = time.monotonic() + 30
    while not refusals and time.monotonic() < deadline:
        producer.poll(0.1)
    return bool(refusals)


for line in sys.stdin:
    name, bootstrap, protocol, mechanism, user, password, replicas = line.rstrip("\n").split("\t")
    refusals = []
    client = settings(bootstrap, protocol, mechanism, user, password, refusals)
    if password == "guessed":
        print(name, "refused" if is_refused(client, refusals) else "was let in", flush=True)
    else:
        visit(name, int(replicas), client)
        print(name, "ok", flush=True)
