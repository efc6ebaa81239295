// What the programs for kafka-node and no-kafka share: the records of OldClientsTest, and the module snappy, which both look for, on
// top of one that needs no compiler.
const Module = require('module');
const snappyjs = require('snappyjs');

const snappy = {
    compressSync: (data) => snappyjs.compress(data),
    uncompressSync: (data) => snappyjs.uncompress(data),
    compress: (data, done) => done(null, snappyjs.compress(data)),
    uncompress: (data, done) => done(null, snappyjs.uncompress(data)),
};
const load = Module._load;
Module._load = (name, ...rest) => (name === 'snappy' ? snappy : load(name, ...rest));
const resolve = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) => (name === 'snappy' ? name : resolve(name, ...rest));

exports.value = (key) => key + '.'.repeat(Number(key.split('-')[1]) % 400);

/** What has been read, each record once and as it was written. */
exports.Seen = class Seen {
    constructor(count) {
        this.keys = new Set();
        this.count = count;
    }

    add(key, value) {
        if (this.keys.has(`${key}`)) {
            throw new Error(`read twice: ${key}`);
        }
        if (`${value}` !== exports.value(`${key}`)) {
            throw new Error(`came back changed: ${key} ${value}`);
        }
        this.keys.add(`${key}`);
        if (this.keys.size > this.count) {
            throw new Error(`more than ${this.count} records`);
        }
        return this.keys.size;
    }
};

exports.run = (main) =>
    main(...process.argv.slice(2)).then(
        () => process.exit(0),
        (error) => {
            console.error(error);
            process.exit(1);
        }
    );
