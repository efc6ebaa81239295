// Administers a cluster of three with kafkajs, and is refused what cannot be; prints "ok" at the end.
// usage: node kafkajs-admin.js BOOTSTRAP
const assert = require('assert');
const { Kafka, ConfigResourceTypes, logLevel } = require('kafkajs');

const kafka = new Kafka({
    clientId: 'administrator',
    brokers: process.argv[2].split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 2, initialRetryTime: 50 },
});
const admin = kafka.admin();
const TOPIC = 'from-javascript';

async function refused(type, call) {
    try {
        await call();
    } catch (error) {
        const all = [error, error.cause, ...(error.errors || []), ...(error.groups || [])].filter((each) => each);
        const found = all.map((each) => each.type || (each.error && each.error.type));
        assert.ok(found.includes(type), `${found} is not ${type}`);
        return;
    }
    assert.fail(`not refused: ${type}`);
}

async function until(what, condition) {
    const deadline = Date.now() + 30000;
    while (!(await condition())) {
        assert.ok(Date.now() < deadline, `not in time: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

async function topics() {
    await admin.createTopics({ validateOnly: true, waitForLeaders: false, topics: [{ topic: TOPIC }] });
    assert.ok(!(await admin.listTopics()).includes(TOPIC));
    const replicaAssignment = [0, 1].map((partition) => ({ partition, replicas: [1, 2] }));
    assert.ok(await admin.createTopics({ topics: [{ topic: TOPIC, replicaAssignment }] }));
    assert.strictEqual(await admin.createTopics({ topics: [{ topic: TOPIC }] }), false);
    await refused('INVALID_REPLICATION_FACTOR', () =>
        admin.createTopics({ topics: [{ topic: 'too-wide', numPartitions: 1, replicationFactor: 4 }] }));
    await refused('INVALID_TOPIC_EXCEPTION', () => admin.createTopics({ topics: [{ topic: 'no name' }] }));
    await refused('INVALID_CONFIG', () =>
        admin.createTopics({ topics: [{ topic: 'odd', configEntries: [{ name: 'retention.ms', value: 'soon' }] }] }));

    await admin.createPartitions({ topicPartitions: [{ topic: TOPIC, count: 3, assignments: [[3, 1]] }] });
    await until('three partitions', async () => {
        const { topics: [{ partitions }] } = await admin.fetchTopicMetadata({ topics: [TOPIC] });
        return partitions.length === 3 && partitions.some((each) => each.partitionId === 2 && each.leader === 3);
    });
    await refused('INVALID_PARTITIONS', () => admin.createPartitions({ topicPartitions: [{ topic: TOPIC, count: 3 }] }));
    await refused('UNKNOWN_TOPIC_OR_PARTITION', () =>
        admin.createPartitions({ topicPartitions: [{ topic: 'nothing', count: 3 }] }));
    const cluster = await admin.describeCluster();
    assert.deepStrictEqual(cluster.brokers.map((each) => each.nodeId).sort(), [1, 2, 3]);
    assert.ok(cluster.controller >= 0 && cluster.clusterId.length === 22);
}

async function configs() {
    const resource = { type: ConfigResourceTypes.TOPIC, name: TOPIC };
    await admin.alterConfigs({ resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: '7000' }] }] });
    const described = await admin.describeConfigs({ resources: [{ ...resource, configNames: ['retention.ms', 'cleanup.policy'] }] });
    const values = Object.fromEntries(described.resources[0].configEntries.map((each) => [each.configName, each.configValue]));
    assert.deepStrictEqual(values, { 'retention.ms': '7000', 'cleanup.policy': 'delete' });
    await refused('INVALID_CONFIG', () =>
        admin.alterConfigs({ resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: 'soon' }] }] }));
    const broker = await admin.describeConfigs({ resources: [{ type: ConfigResourceTypes.BROKER, name: '2', configNames: ['broker.id'] }] });
    assert.strictEqual(broker.resources[0].configEntries[0].configValue, '2');
}

async function groups() {
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({ topic: TOPIC, messages: Array.from({ length: 10 }, (_, i) => ({ partition: 0, value: `v${i}` })) });
    await producer.disconnect();
    const consumer = kafka.consumer({ groupId: 'readers', maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await consumer.run({ autoCommit: false, eachMessage: async () => {} });
    await until('a stable group', async () => (await admin.describeGroups(['readers'])).groups[0].state === 'Stable');
    const [group] = (await admin.describeGroups(['readers'])).groups;
    assert.strictEqual(group.members.length, 1);
    assert.strictEqual(group.protocolType, 'consumer');
    await refused('NON_EMPTY_GROUP', () => admin.deleteGroups(['readers']));
    await consumer.commitOffsets([{ topic: TOPIC, partition: 0, offset: '4' }]);
    await consumer.stop();
    await consumer.disconnect();

    await until('an empty group', async () => (await admin.describeGroups(['readers'])).groups[0].state === 'Empty');
    const [{ partitions }] = await admin.fetchOffsets({ groupId: 'readers', topics: [TOPIC] });
    assert.strictEqual(partitions.find((each) => each.partition === 0).offset, '4');
    assert.ok((await admin.listGroups()).groups.some((each) => each.groupId === 'readers'));
    await admin.deleteGroups(['readers']);
    await refused('GROUP_ID_NOT_FOUND', () => admin.deleteGroups(['readers']));
}

async function records() {
    await admin.deleteTopicRecords({ topic: TOPIC, partitions: [{ partition: 0, offset: '3' }] });
    const offsets = (await admin.fetchTopicOffsets(TOPIC)).find((each) => each.partition === 0);
    assert.deepStrictEqual([offsets.low, offsets.high], ['3', '10']);
    await assert.rejects(admin.deleteTopicRecords({ topic: TOPIC, partitions: [{ partition: 0, offset: '11' }] }));
    await assert.rejects(admin.deleteTopicRecords({ topic: 'nothing', partitions: [{ partition: 0, offset: '1' }] }));
}

async function moves() {
    await admin.alterPartitionReassignments({ topics: [{ topic: TOPIC, partitionAssignment: [{ partition: 0, replicas: [3, 2] }] }] });
    await until('the move', async () => {
        const { topics: [{ partitions }] } = await admin.fetchTopicMetadata({ topics: [TOPIC] });
        const moved = partitions.find((each) => each.partitionId === 0);
        return moved.leader !== 1 && moved.isr.slice().sort().join() === '2,3' && moved.replicas.join() === '3,2';
    });
    await until('the end of it', async () => (await admin.listPartitionReassignments({})).topics.length === 0);
    await refused('INVALID_REPLICA_ASSIGNMENT', () =>
        admin.alterPartitionReassignments({ topics: [{ topic: TOPIC, partitionAssignment: [{ partition: 0, replicas: [7] }] }] }));
    await refused('UNKNOWN_TOPIC_OR_PARTITION', () =>
        admin.alterPartitionReassignments({ topics: [{ topic: TOPIC, partitionAssignment: [{ partition: 9, replicas: [1] }] }] }));
    await admin.deleteTopics({ topics: [TOPIC] });
    await refused('UNKNOWN_TOPIC_OR_PARTITION', () => admin.deleteTopics({ topics: [TOPIC] }));
    assert.ok(!(await admin.listTopics()).includes(TOPIC));
}

async function main() {
    await admin.connect();
    for (const part of [topics, configs, groups, records, moves]) {
        await part();
    }
    await admin.disconnect();
    console.log('ok');
}

main().catch((error) => {
    console.error(error, error.errors || '', error.groups || '');
    process.exit(1);
});
