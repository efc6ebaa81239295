"""As confluent-kafka-guarded.py, with python3-kafka.

usage: python-kafka-guarded.py TRUSTED.pem CERTIFICATE.pem KEY.pem
"""
import base64
import json
import sys
import time

from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaError
from kafka.oauth import AbstractTokenProvider

COUNT = 20
trusted, certificate, key = sys.argv[1:4]


class Tokens(AbstractTokenProvider):
    def __init__(self, user):
        super().__init__()
        self.user = user

    def token(self):
        def part(claims):
            return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()

        now = int(time.time())
        return part({"alg": "none"}) + "." + part({"sub": self.user, "iat": now, "exp": now + 3600}) + "."


def settings(bootstrap, protocol, mechanism, user, password):
    found = {"bootstrap_servers": bootstrap.split(","), "security_protocol": protocol}
    if protocol.endswith("SSL"):
        found["ssl_cafile"] = trusted
        if mechanism == "certificate":
            found["ssl_certfile"] = certificate
            found["ssl_keyfile"] = key
    if protocol.startswith("SASL"):
        found["sasl_mechanism"] = mechanism
        if mechanism == "OAUTHBEARER":
            found["sasl_oauth_token_provider"] = Tokens(user)
        else:
            found["sasl_plain_username"] = user
            found["sasl_plain_password"] = password
    return found


def visit(name, replicas, client):
    admin = KafkaAdminClient(**client)
    admin.create_topics([NewTopic(name, 3, replicas)])
    admin.close()
    producer = KafkaProducer(acks="all", **client)
    sent = [producer.send(name, b"v%d" % i) for i in range(COUNT)]
    for one in sent:
        one.get(30)
    producer.close()
    consumer = KafkaConsumer(
        name, group_id=name, auto_offset_reset="earliest", consumer_timeout_ms=30000, **client
    )
    seen = set()
    for record in consumer:
        seen.add(record.value)
        if len(seen) == COUNT:
            break
    consumer.close()
    assert len(seen) == COUNT, "only %d of %d records came back" % (len(seen), COUNT)


for line in sys.stdin:
    name, bootstrap, protocol, mechanism, user, password, replicas = line.rstrip("\n").split("\t")
    client = settings(bootstrap, protocol, mechanism, user, password)
    if password == "guessed":
        try:
            KafkaAdminClient(**client)
            print(name, "was let in", flush=True)
        except KafkaError:
            print(name, "refused", flush=True)
    else:
        visit(name, int(replicas), client)
        print(name, "ok", flush=True)
