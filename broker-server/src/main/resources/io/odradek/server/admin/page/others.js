// The brokers of the cluster with the log folders of this one, and what has gone wrong lately.
import { bytes, empty, h, number, pill, table, time } from './parts.js';

export async function brokers(ask) {
  const answer = await ask(['brokers']);
  return {
    title: 'Brokers',
    body: [
      h('h1', { tabindex: -1 }, 'Brokers'),
      h('p', { class: 'lead' }, 'Cluster ', h('span', { class: 'mono' }, answer.cluster), ', governed by ',
        answer.controller < 0 ? pill('nobody', 'bad') : 'broker ' + answer.controller, '. You look at broker ' + answer.broker + '.'),
      table('Brokers', brokerColumns(answer), answer.brokers),
      h('h2', null, 'Log folders of broker ' + answer.broker),
      table('Log folders', folderColumns, answer.logFolders),
    ],
  };
}

function brokerColumns(answer) {
  return [
    { title: 'Broker', nowrap: true, cell: broker => [String(broker.id), broker.id === answer.broker ? [' ', pill('this one')] : null, broker.id === answer.controller ? [' ', pill('controller', 'good')] : null] },
    { title: 'Listens on', cell: broker => Object.entries(broker.listeners).map(([name, place]) => h('div', { class: 'mono' }, name + '://' + place)) },
    { title: 'Rack', extra: true, cell: broker => broker.rack === null ? h('span', { class: 'soft' }, 'none') : broker.rack },
    { title: 'Leads', number: true, cell: broker => number(broker.leads) },
    { title: 'Replicas', number: true, cell: broker => number(broker.replicas) },
  ];
}

const folderColumns = [
  { title: 'Folder', cell: folder => h('span', { class: 'mono' }, folder.path) },
  { title: 'State', cell: folder => folder.online ? pill('online', 'good') : pill('failed', 'bad') },
  { title: 'Logs', number: true, cell: folder => bytes(folder.sizeBytes) },
  { title: 'Free', number: true, cell: folder => bytes(folder.usableBytes) },
  { title: 'Disk', number: true, extra: true, cell: folder => bytes(folder.totalBytes) },
];

export async function warnings(ask) {
  const answer = await ask(['warnings']);
  const columns = [
    { title: 'Time', nowrap: true, cell: line => time(line.timestamp) },
    { title: 'Level', cell: line => pill(line.level === 'SEVERE' ? 'error' : 'warning', line.level === 'SEVERE' ? 'bad' : 'wary') },
    { title: 'What', cell: line => line.message },
    { title: 'From', extra: true, cell: line => h('span', { class: 'mono' }, line.logger) },
  ];
  return {
    title: 'Warnings',
    body: [
      h('h1', { tabindex: -1 }, 'Warnings'),
      h('p', { class: 'lead' }, 'The last warnings and errors of the broker’s log since it started, the newest first.'),
      !answer.kept ? empty('This broker’s log belongs to the program that it runs in: look there.')
        : answer.warnings.length ? table('Warnings', columns, answer.warnings) : empty('Nothing has gone wrong since the broker started.'),
    ],
  };
}
