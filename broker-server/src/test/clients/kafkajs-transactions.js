// Transactions of kafkajs, in the steps of ForeignTransactionsTest: prints each step when it is done, and waits for a line of
// input after "open" and "restart".
// usage: node kafkajs-transactions.js BOOTSTRAP      (topics t with 3 partitions, in with 1 and wide with 200 are there)
const { once } = require('events');
const { Kafka, logLevel } = require('kafkajs');

const [bootstrap] = process.argv.slice(2);
const kafka = new Kafka({
    clientId: 'transactions',
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 10 },
});
const lines = require('readline').createInterface({ input: process.stdin });
const started = [];

async function start(transactionalId, transactionTimeout = 60000) {
    const producer = kafka.producer({ transactionalId, transactionTimeout, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    started.push(producer);
    return producer;
}

function send(transaction, values, topic = 't', partitions = 3) {
    return transaction.send({ topic, messages: values.map((value, i) => ({ value, partition: i % partitions })) });
}

async function refused(transaction) {
    try {
        await transaction.commit();
    } catch (error) {
        return true;
    }
    return false;
}

function check(holds, otherwise) {
    if (!holds) {
        throw new Error(otherwise);
    }
}

async function main() {
    const slow = await (await start('slow', 5000)).transaction();
    await send(slow, ['too late']);

    const plain = await start('plain');
    let transaction = await plain.transaction();
    await send(transaction, ['committed 0', 'committed 1', 'committed 2', 'committed 3']);
    await transaction.commit();
    transaction = await plain.transaction();
    await send(transaction, ['aborted 0', 'aborted 1']);
    await transaction.abort();
    console.log('ended');

    for (const [offset, commits] of [['5', true], ['9', false]]) {
        transaction = await plain.transaction();
        await send(transaction, [`with position ${offset}`]);
        const topics = [{ topic: 'in', partitions: [{ partition: 0, offset }] }];
        await transaction.sendOffsets({ consumerGroupId: 'copiers', topics });
        await (commits ? transaction.commit() : transaction.abort());
    }
    console.log('positions');

    const zombie = await (await start('shared')).transaction();
    await send(zombie, ['of a zombie']);
    const heir = await (await start('shared')).transaction();
    check(await refused(zombie), 'the zombie has committed');
    await send(heir, ['of its heir']);
    await heir.commit();
    console.log('fenced');

    transaction = await plain.transaction();
    await send(transaction, Array.from({ length: 200 }, (_, i) => `wide ${i}`), 'wide', 200);
    await transaction.commit();
    console.log('wide');

    console.log('open');
    await once(lines, 'line');
    check(await refused(slow), 'what was aborted has been committed');
    console.log('timed out');

    transaction = await plain.transaction();
    await send(transaction, ['before']);
    console.log('restart');
    await once(lines, 'line');
    await send(transaction, ['after']);
    await transaction.commit();
    console.log('restarted');
    await Promise.all(started.map((producer) => producer.disconnect()));
    lines.close();
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
