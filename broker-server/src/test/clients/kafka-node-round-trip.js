// The steps of OldClientsTest with kafka-node: produces COUNT records with each codec, reads them alone and in a group that goes on
// after its commit, and prints what a new client has written to RECENT.
// usage: node kafka-node-round-trip.js BOOTSTRAP TOPIC COUNT RECENT
const { Seen, run, value } = require('./old-round-trip.js');
const { promisify } = require('util');
const kafka = require('kafka-node');

const codecs = ['none', 'gzip', 'snappy'];
const options = { fetchMaxBytes: 50000, fetchMaxWaitMs: 100, encoding: 'buffer', keyEncoding: 'buffer' };

async function main(kafkaHost, topic, countText, recent) {
    const count = Number(countText);
    const client = new kafka.KafkaClient({ kafkaHost });
    const producer = new kafka.Producer(client, { requireAcks: -1 });
    await new Promise((resolve, reject) => producer.on('ready', resolve).on('error', reject));
    await promisify(client.refreshMetadata.bind(client))([topic]);
    const send = promisify(producer.send.bind(producer));
    for (const [attributes, codec] of codecs.entries()) {
        for (let from = 0; from < count; from += 50) {
            const messages = [];
            for (let i = from; i < Math.min(from + 50, count); i++) {
                const key = `${codec}-${i}`;
                messages.push(new kafka.KeyedMessage(key, value(key)));
            }
            await send([{ topic, partition: (from / 50) % 2, messages, attributes }]);
        }
    }
    await promisify(producer.close.bind(producer))();

    const all = codecs.length * count;
    const seen = new Seen(all);
    await read(kafkaHost, [0, 1].map((partition) => ({ topic, partition, offset: 0 })), (message) =>
        seen.add(message.key, message.value) === all);

    const half = new Seen(all);
    for (const until of [all / 2, all]) {
        await readAsMember(kafkaHost, topic, half, until);
    }

    await read(kafkaHost, [{ topic: recent, partition: 0, offset: 0 }], (message) => {
        console.log(`${message.key} ${message.value}`);
        return `${message.value}` === 'end';
    });
    console.log(`ok ${half.keys.size}`);
}

function read(kafkaHost, payloads, isLast) {
    return new Promise((resolve, reject) => {
        const client = new kafka.KafkaClient({ kafkaHost });
        const consumer = new kafka.Consumer(client, payloads, { ...options, fromOffset: true, autoCommit: false });
        consumer.on('error', reject);
        consumer.on('message', (message) => {
            if (isLast(message)) {
                consumer.close(false, resolve);
            }
        });
    });
}

/**
 * A member commits what it has been handed, of which it reads some again: a compressed message comes whole, and kafka-node
 * passes over nothing of it.
 */
function readAsMember(kafkaHost, topic, seen, until) {
    return new Promise((resolve, reject) => {
        let over = false;
        const group = new kafka.ConsumerGroup(
            { ...options, kafkaHost, groupId: `${topic}-group`, fromOffset: 'earliest', autoCommit: false }, topic);
        group.on('error', reject);
        group.on('message', (message) => {
            if (over) {
                return;
            }
            if (!seen.keys.has(`${message.key}`)) {
                seen.add(message.key, message.value);
            }
            if (seen.keys.size >= until) {
                over = true;
                group.close(true, (error) => (error ? reject(error) : resolve()));
            }
        });
    });
}

run(main);
