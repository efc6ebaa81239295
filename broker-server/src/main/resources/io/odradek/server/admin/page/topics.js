// Topics, and one of them with its partitions, its last records and its settings.
import { bytes, byteRate, empty, facts, h, hash, link, meaning, number, pill, rate, table, time } from './parts.js';

export async function topics(ask, path, query) {
  const asked = { match: query.get('match'), after: query.get('after'), internal: query.get('internal') };
  const answer = await ask(['topics'], asked);
  return {
    title: 'Topics',
    body: [
      h('h1', { tabindex: -1 }, 'Topics'),
      h('p', { class: 'lead' }, 'A topic is a named log of records, cut into partitions. Producers append to it, consumers read on from where they are.'
        + ' Records are counted by their offsets: with compaction or transactions there are fewer.'),
      h('form', { id: 'which', 'data-view': 'topics' },
        h('label', null, 'Names that contain', h('input', { id: 'match', name: 'match', type: 'search', value: asked.match, autocomplete: 'off' })),
        h('label', { class: 'check' }, h('input', { id: 'internal', name: 'internal', type: 'checkbox', value: 'true', checked: asked.internal === 'true' }),
          'with the brokers’ own')),
      answer.topics.length ? table('Topics', columns, answer.topics) : none(asked.match),
      h('p', { class: 'more' },
        asked.after ? h('a', { href: hash(['topics'], { ...asked, after: null }) }, 'First page') : null,
        answer.next ? h('a', { href: hash(['topics'], { ...asked, after: answer.next }) }, 'Next page') : null,
        h('span', { class: 'soft' }, answer.total + (answer.total === 1 ? ' topic' : ' topics'))),
    ],
  };
}

const columns = [
  { title: 'Topic', cell: topic => [link(topic.name, 'topics', topic.name), topic.internal ? [' ', pill('internal')] : null] },
  { title: 'State', cell: health },
  { title: 'Partitions', number: true, cell: topic => number(topic.partitions) },
  { title: 'Replicas', number: true, extra: true, cell: topic => number(topic.replicas) },
  { title: 'Records', number: true, cell: topic => number(topic.offsets) },
  { title: 'Size here', number: true, cell: topic => bytes(topic.sizeBytes) },
  { title: 'Records in', number: true, extra: true, cell: topic => rate(topic.recordsInPerSecond) },
  { title: 'Bytes in', number: true, extra: true, cell: topic => byteRate(topic.bytesInPerSecond) },
  { title: 'Own settings', extra: true, cell: topic => settings(topic.settings) },
];

function none(match) {
  return match
    ? empty('No topic has “', match, '” in its name.')
    : empty('There are no topics yet. The first record that a producer sends to a topic makes it, or: ', h('code', null, 'kafka-topics.sh --bootstrap-server … --create --topic greetings'));
}

function health(topic) {
  if (topic.withoutLeader) return pill(topic.withoutLeader + ' without leader', 'bad');
  if (topic.underReplicated) return pill(topic.underReplicated + ' under-replicated', 'wary');
  return pill('fine', 'good');
}

function settings(own) {
  const names = Object.entries(own);
  return names.length ? names.map(([name, value]) => h('div', null, h('span', { class: 'mono' }, name + '=' + value), comes(name, value))) : h('span', { class: 'soft' }, 'none');
}

function comes(name, value) {
  const words = meaning(name, value);
  return words ? h('span', { class: 'soft' }, ' (' + words + ')') : null;
}

export async function topic(ask, path, query) {
  const name = path[1];
  const asked = { partition: query.get('partition'), offset: query.get('offset'), as: query.get('as') };
  const [about, records] = await Promise.all([
    ask(['topics', name], { after: query.get('after') }),
    ask(['topics', name, 'records'], { partition: asked.partition, offset: asked.offset, as: asked.as === 'hex' ? 'hex' : null, limit: 20 })
      .catch(failure => ({ failure: failure.message })),
  ]);
  return {
    title: name,
    body: [
      h('p', { class: 'crumb' }, link('Topics', 'topics'), ' /'),
      h('h1', { tabindex: -1 }, name, ' ', about.internal ? pill('internal') : null),
      h('p', { class: 'lead' }, health(about), ' ', h('span', { class: 'mono' }, 'id ' + about.id)),
      facts(['Partitions', number(about.partitionCount)], ['Records', number(about.offsets)], ['Size here', bytes(about.sizeBytes)],
        ['Records in', rate(about.recordsInPerSecond)], ['Bytes in', byteRate(about.bytesInPerSecond)]),
      h('h2', null, 'Partitions'),
      table('Partitions of ' + name, partitionColumns(name, about), about.partitions),
      about.next !== null ? h('p', { class: 'more' }, h('a', { href: hash(path, { ...asked, after: about.next }) }, 'Next partitions')) : null,
      about.partitions.some(partition => partition.end === null)
        ? h('p', { class: 'soft' }, 'What is “–” here only the broker knows that leads the partition, and that one does not answer.') : null,
      h('h2', null, asked.offset ? 'Records from offset ' + asked.offset : 'Last records'),
      controls(name, about, asked),
      records.partitionsRead < records.partitionCount ? h('p', { class: 'soft' }, 'Of ' + number(records.partitionsRead) + ' of the ' + number(records.partitionCount) + ' partitions; choose one to see what is in the others.') : null,
      recordList(records, asked),
      pages(path, asked, records),
      h('h2', null, 'Settings'),
      settingTables(about.settings),
    ],
  };
}

function partitionColumns(name, about) {
  const behind = partition => partition.replicas.filter(id => !partition.isr.includes(id));
  return [
    { title: 'Partition', cell: partition => h('a', { href: hash(['topics', name], { partition: partition.partition }) }, String(partition.partition)) },
    { title: 'Leader', cell: partition => partition.leader < 0 ? pill('none', 'bad') : 'broker ' + partition.leader + (partition.leader === about.broker ? ' (this one)' : '') },
    { title: 'Replicas', extra: true, cell: partition => partition.replicas.join(', ') },
    { title: 'In sync (ISR)', cell: partition => [partition.isr.join(', '), behind(partition).length ? [' ', pill('not ' + behind(partition).join(', '), 'wary')] : null] },
    { title: 'First offset', number: true, extra: true, cell: partition => number(partition.start) },
    { title: 'Last stable', number: true, extra: true, cell: partition => number(partition.stable) },
    { title: 'Next offset', number: true, cell: partition => number(partition.end) },
    { title: 'Size here', number: true, cell: partition => bytes(partition.sizeBytes) },
    { title: 'Records in', number: true, extra: true, cell: partition => rate(partition.recordsInPerSecond) },
  ];
}

function controls(name, about, asked) {
  const option = (value, text, chosen) => h('option', { value, selected: value === (chosen || '') }, text);
  const partitions = about.partitions.map(partition => option(String(partition.partition), 'partition ' + partition.partition, asked.partition));
  return h('form', { id: 'which', 'data-view': 'topics/' + encodeURIComponent(name) },
    h('label', null, 'Of', h('select', { id: 'partition', name: 'partition' }, option('', 'all partitions', asked.partition), partitions)),
    h('label', null, 'From offset', h('input', { id: 'offset', name: 'offset', type: 'number', min: 0, value: asked.offset, placeholder: 'the last ones' })),
    h('label', null, 'Shown as', h('select', { id: 'as', name: 'as' }, option('', 'text', asked.as), option('json', 'JSON', asked.as), option('hex', 'hex', asked.as))));
}

function recordList(answer, asked) {
  if (answer.failure) return empty(answer.failure);
  if (!answer.records.length) return empty(asked.offset ? 'There is no record at or after this offset yet.' : 'There are no records here.');
  return h('ol', { id: 'records', class: 'records' }, answer.records.map(record => h('li', { 'data-key': record.partition + '-' + record.offset },
    h('div', { class: 'what' },
      h('span', null, 'partition ', h('b', null, String(record.partition))), h('span', null, 'offset ', h('b', null, number(record.offset))),
      h('span', null, time(record.timestamp)), transaction(record.transaction)),
    record.tooLarge ? h('p', { class: 'soft' }, 'Too large to be shown: a key of ' + bytes(record.tooLarge.keyBytes) + ', a value of ' + bytes(record.tooLarge.valueBytes) + '.') : record.transaction.endsWith('marker') ? null : h('div', { class: 'pair' },
      h('span', null, 'key'), content(record.key, asked.as, 'no key'), h('span', null, 'value'), content(record.value, asked.as, 'no value (a tombstone)'),
      record.headers.map(header => [h('span', null, 'header'), h('span', { class: 'head' }, h('b', { class: 'mono' }, header.name), content(header.value, asked.as, 'no value'))])))));
}

function transaction(state) {
  const kinds = { 'none': null, 'committed': ['committed transaction', 'good'], 'aborted': ['aborted transaction', 'bad'], 'open': ['open transaction', 'wary'] };
  const kind = state in kinds ? kinds[state] : [state, ''];
  return kind ? pill(...kind) : null;
}

function content(value, as, absent) {
  if (value === null) return h('span', { class: 'soft' }, absent);
  const text = value.hex !== undefined ? value.hex.replace(/(..)(?=.)/g, '$1 ') : as === 'json' ? pretty(value.text) : value.text;
  return h('span', null,
    text === '' ? h('span', { class: 'soft' }, 'empty') : h('pre', { tabindex: text.length > 1000 ? 0 : null }, text),
    value.cut ? h('span', { class: 'soft' }, 'cut: it has ' + number(value.bytes) + ' bytes') : null);
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch (notJson) { return text; }
}

function pages(path, asked, answer) {
  if (asked.partition === null || asked.partition === '' || answer.failure) return null;
  const to = (text, offset) => h('a', { href: hash(path, { ...asked, offset }) }, text);
  return h('p', { class: 'more' },
    answer.previous !== null ? to('Older records', answer.previous) : null,
    answer.next !== null && answer.next < answer.end ? to('Newer records', answer.next) : null,
    asked.offset ? to('Last records', null) : null,
    h('span', { class: 'soft' }, 'offsets ' + answer.start + ' to ' + answer.end));
}

function settingTables(all) {
  const columns = [
    { title: 'Setting', cell: setting => h('span', { class: 'mono' }, setting.name) },
    { title: 'Value', cell: setting => setting.value === null ? h('span', { class: 'soft' }, 'hidden or none') : [h('span', { class: 'mono' }, setting.value), comes(setting.name, setting.value)] },
    { title: 'Set by', nowrap: true, cell: setting => setting.source },
    { title: 'What it does', extra: true, cell: setting => setting.documentation },
  ];
  const own = all.filter(setting => setting.source === 'topic');
  return [
    own.length ? table('Settings of its own', columns, own) : empty('The topic sets nothing of its own: all of it is the broker’s or the default.'),
    h('details', { id: 'all-settings' }, h('summary', null, 'All ' + all.length + ' settings in force'), table('All settings in force', columns, all)),
  ];
}
