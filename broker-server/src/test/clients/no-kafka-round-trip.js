// The steps of OldClientsTest with no-kafka: produces COUNT records with each codec, reads them alone with positions kept in
// ZooKeeper and in a group that goes on after its commit, and prints what a new client has written to RECENT.
// usage: node no-kafka-round-trip.js BOOTSTRAP TOPIC COUNT RECENT
const { Seen, run, value } = require('./old-round-trip.js');
const kafka = require('no-kafka');

const codecs = { none: kafka.COMPRESSION_NONE, gzip: kafka.COMPRESSION_GZIP, snappy: kafka.COMPRESSION_SNAPPY };
const logger = { logLevel: 2, logFunction: console.error };

async function main(connectionString, topic, countText, recent) {
    const count = Number(countText);
    const producer = new kafka.Producer({ connectionString, logger, requiredAcks: -1 });
    await producer.init();
    for (const [name, codec] of Object.entries(codecs)) {
        // One partition at a time: of two that it compresses at once it writes the records of one to both.
        for (const partition of [0, 1]) {
            const messages = [];
            for (let i = partition; i < count; i += 2) {
                const key = `${name}-${i}`;
                messages.push({ topic, partition, message: { key, value: value(key) } });
            }
            for (const result of await producer.send(messages, { codec })) {
                if (result.error) {
                    throw result.error;
                }
            }
        }
    }
    await producer.end();

    const all = Object.keys(codecs).length * count;
    const seen = new Seen(all);
    const positions = [0, 0];
    const alone = await read(connectionString, topic, [0, 1], (message, partition, offset) => {
        positions[partition] = offset + 1;
        return seen.add(message.key, message.value) === all;
    });
    const known = positions.map((offset, partition) => ({ topic, partition, offset }));
    await alone.commitOffset(known);
    for (const kept of await alone.fetchOffset(known)) {
        if (kept.offset !== positions[kept.partition]) {
            throw new Error(`committed ${positions}, found ${JSON.stringify(kept)}`);
        }
    }
    await alone.end();

    const together = new Seen(all);
    for (const until of [all / 2, all]) {
        await readAsMember(connectionString, topic, together, until);
    }

    const reader = await read(connectionString, recent, [0], (message) => {
        console.log(`${message.key} ${message.value}`);
        return `${message.value}` === 'end';
    });
    await reader.end();
    console.log(`ok ${together.keys.size}`);
}

/** Resolves to the consumer when it has read the last record, and goes on until it is ended. */
function read(connectionString, topic, partitions, isLast) {
    return new Promise((resolve, reject) => {
        const consumer = new kafka.SimpleConsumer({ connectionString, logger, idleTimeout: 10, maxBytes: 50000 });
        const take = (messages, of, partition) => {
            try {
                for (const { message, offset } of messages) {
                    if (isLast(message, partition, offset)) {
                        resolve(consumer);
                    }
                }
            } catch (error) {
                reject(error);
            }
        };
        consumer.init().then(() => consumer.subscribe(topic, partitions, { offset: 0 }, take)).catch(reject);
    });
}

function readAsMember(connectionString, topic, seen, until) {
    return new Promise((resolve, reject) => {
        const consumer = new kafka.GroupConsumer({
            connectionString, logger, idleTimeout: 10, maxBytes: 50000,
            groupId: `${topic}-group`, startingOffset: kafka.EARLIEST_OFFSET,
        });
        let over = false;
        const handler = async (messages, of, partition) => {
            try {
                if (over) {
                    return;
                }
                for (const { message } of messages) {
                    seen.add(message.key, message.value);
                }
                over = seen.keys.size >= until;
                await consumer.commitOffset({ topic, partition, offset: messages[messages.length - 1].offset });
                if (over) {
                    consumer.end().then(resolve, reject);
                }
            } catch (error) {
                reject(error);
            }
        };
        consumer.init([{ subscriptions: [topic], handler }]).catch(reject);
    });
}

run(main);
