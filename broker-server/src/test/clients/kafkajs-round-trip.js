// Produces and consumes with kafkajs, the consumer in a group; prints "ok COUNT" when every record came back.
// usage: node kafkajs-round-trip.js BOOTSTRAP TOPIC COUNT
const { Kafka, CompressionTypes, logLevel } = require('kafkajs');

const [bootstrap, topic, countText] = process.argv.slice(2);
const count = Number(countText);
const kafka = new Kafka({ clientId: 'round-trip', brokers: [bootstrap], logLevel: logLevel.ERROR });

async function main() {
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 3 }] });
    const producer = kafka.producer();
    await producer.connect();
    const messages = Array.from({ length: count }, (_, i) => ({ key: `k${i}`, value: `v${i}`, headers: { n: `${i}` } }));
    for (let i = 0; i < count; i += 500) {
        const compression = i % 1000 === 0 ? CompressionTypes.None : CompressionTypes.GZIP;
        await producer.send({ topic, acks: -1, compression, messages: messages.slice(i, i + 500) });
    }
    await producer.disconnect();

    const consumer = kafka.consumer({ groupId: `${topic}-group` });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const seen = new Set();
    await new Promise((resolve, reject) => {
        consumer
            .run({
                eachMessage: async ({ message }) => {
                    const i = message.value.toString().slice(1);
                    if (message.key.toString() !== `k${i}` || message.headers.n.toString() !== i) {
                        reject(new Error(`record ${i} came back changed`));
                    }
                    seen.add(i);
                    if (seen.size === count) {
                        resolve();
                    }
                },
            })
            .catch(reject);
    });
    await consumer.commitOffsets([{ topic, partition: 0, offset: '1' }]);
    await consumer.disconnect();
    const groups = await admin.describeGroups([`${topic}-group`]);
    if (groups.groups[0].errorCode !== 0) {
        throw new Error(`the group is not described: ${JSON.stringify(groups)}`);
    }
    await admin.disconnect();
    console.log(`ok ${seen.size}`);
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
