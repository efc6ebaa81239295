// As confluent-kafka-guarded.py, with kafkajs.
// usage: node kafkajs-guarded.js TRUSTED.pem CERTIFICATE.pem KEY.pem
const fs = require('fs');
const { Kafka, logLevel } = require('kafkajs');

const COUNT = 20;
const [trusted, certificate, key] = process.argv.slice(2).map((file) => fs.readFileSync(file, 'utf8'));

function token(user) {
    const part = (claims) => Buffer.from(JSON.stringify(claims)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    return `${part({ alg: 'none' })}.${part({ sub: user, iat: now, exp: now + 3600 })}.`;
}

function kafka(bootstrap, protocol, mechanism, user, password) {
    const settings = { clientId: 'guarded', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING };
    if (protocol.endsWith('SSL')) {
        settings.ssl = { ca: [trusted], ...(mechanism === 'certificate' ? { cert: certificate, key } : {}) };
    }
    if (protocol.startsWith('SASL')) {
        settings.sasl =
            mechanism === 'OAUTHBEARER'
                ? { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: token(user) }) }
                : { mechanism: mechanism.toLowerCase(), username: user, password };
    }
    return new Kafka(settings);
}

async function visit(name, replicas, client) {
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({
        waitForLeaders: true,
        topics: [{ topic: name, numPartitions: 3, replicationFactor: replicas }],
    });
    await admin.disconnect();
    const producer = client.producer();
    await producer.connect();
    const messages = Array.from({ length: COUNT }, (_, i) => ({ value: `v${i}` }));
    await producer.send({ topic: name, acks: -1, messages });
    await producer.disconnect();
    const consumer = client.consumer({ groupId: name, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic: name, fromBeginning: true });
    const seen = new Set();
    await new Promise((resolve, reject) => {
        consumer
            .run({
                eachMessage: async ({ message }) => {
                    seen.add(message.value.toString());
                    if (seen.size === COUNT) {
                        resolve();
                    }
                },
            })
            .catch(reject);
    });
    await consumer.disconnect();
}

async function main() {
    for (const line of fs.readFileSync(0, 'utf8').trim().split('\n')) {
        const [name, bootstrap, protocol, mechanism, user, password, replicas] = line.split('\t');
        const client = kafka(bootstrap, protocol, mechanism, user, password);
        if (password === 'guessed') {
            const admin = client.admin({ retry: { retries: 0 } });
            const came = await admin.connect().then(
                () => 'was let in',
                (error) => (error.name === 'KafkaJSSASLAuthenticationError' ? 'refused' : `${error}`)
            );
            await admin.disconnect();
            console.log(`${name} ${came}`);
        } else {
            await visit(name, Number(replicas), client);
            console.log(`${name} ok`);
        }
    }
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
