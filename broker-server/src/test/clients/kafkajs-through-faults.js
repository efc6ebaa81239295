// Produces and consumes with kafkajs, the consumer in a group, until its input ends; what befalls the brokers meanwhile is
// somebody else's business. Prints a line for each record that it sees, and "ok COUNT" when every record came back once and
// in order.
// usage: node kafkajs-through-faults.js BOOTSTRAP[,BOOTSTRAP...] TOPIC        (the topic has one partition)
const { Kafka, logLevel } = require('kafkajs');

const [bootstrap, topic] = process.argv.slice(2);
const kafka = new Kafka({
    clientId: 'through-faults',
    brokers: bootstrap.split(','),
    logLevel: logLevel.ERROR,
    requestTimeout: 5000,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 100 },
});
const batch = 20;
let finished = false;
process.stdin.on('data', () => {}).on('end', () => (finished = true));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function produce() {
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    let next = 0;
    while (!finished) {
        const messages = Array.from({ length: batch }, (_, i) => ({ value: `${next + i}` }));
        await producer.send({ topic, acks: -1, messages });
        next += batch;
        await pause(20);
    }
    await producer.disconnect();
    return next;
}

async function main() {
    const seen = [];
    const consumer = kafka.consumer({ groupId: `${topic}-group`, sessionTimeout: 10000 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
        eachMessage: async ({ message }) => {
            const value = Number(message.value.toString());
            const offset = Number(message.offset);
            if (seen[offset] !== undefined && seen[offset] !== value) {
                throw new Error(`${seen[offset]} at ${offset} has become ${value}`);
            }
            seen[offset] = value;
            console.log(`seen ${value}`);
        },
    });
    const sent = await produce();
    while (seen.length < sent) {
        await pause(50);
    }
    await consumer.disconnect();
    for (let i = 0; i < seen.length; i++) {
        if (seen[i] !== i) {
            throw new Error(`${seen[i]} is at ${i}, of ${sent}`);
        }
    }
    console.log(`ok ${sent === seen.length ? sent : `not: ${sent} sent, ${seen.length} seen`}`);
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
