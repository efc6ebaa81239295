// Groups of consumers, and one of them with its members and its lag.
import { empty, facts, h, hash, link, number, pill, seconds, table } from './parts.js';

export async function groups(ask, path, query) {
  const answer = await ask(['groups'], { after: query.get('after') });
  return {
    title: 'Groups',
    body: [
      h('h1', { tabindex: -1 }, 'Groups'),
      h('p', { class: 'lead' }, 'A group of consumers shares the partitions that it reads, and commits how far it has come. Its lag is what it has not committed yet:'
        + ' how many records, and how long ago the oldest of them was written.'),
      answer.groups.length ? table('Groups', columns, answer.groups)
        : empty('There are no groups that this broker coordinates. The first consumer that subscribes with a ', h('code', null, 'group.id'), ' makes one.'),
      h('p', { class: 'more' },
        query.get('after') ? h('a', { href: hash(['groups']) }, 'First page') : null,
        answer.next ? h('a', { href: hash(['groups'], { after: answer.next }) }, 'Next page') : null,
        h('span', { class: 'soft' }, answer.total + (answer.total === 1 ? ' group' : ' groups') + ' coordinated by this broker')),
    ],
  };
}

const columns = [
  { title: 'Group', cell: group => link(group.group, 'groups', group.group) },
  { title: 'State', nowrap: true, cell: group => state(group.state) },
  { title: 'Members', number: true, cell: group => number(group.members) },
  { title: 'Partitions', number: true, extra: true, cell: group => number(group.positions) },
  { title: 'Lag in records', number: true, cell: group => number(group.lag) },
  { title: 'Lag in time', number: true, cell: group => seconds(group.lagSeconds) },
];

function state(name) {
  const meaning = {
    Stable: ['Stable', 'good', 'its members read'], Empty: ['Empty', '', 'it has no members now'],
    PreparingRebalance: ['Rebalancing', 'wary', 'members join or leave'], CompletingRebalance: ['Rebalancing', 'wary', 'partitions are being divided'],
  }[name] || [name, '', ''];
  return [pill(meaning[0], meaning[1]), meaning[2] ? h('span', { class: 'soft extra' }, ' ' + meaning[2]) : null];
}

export async function group(ask, path) {
  const about = await ask(['groups', path[1]]);
  return {
    title: about.group,
    body: [
      h('p', { class: 'crumb' }, link('Groups', 'groups'), ' /'),
      h('h1', { tabindex: -1 }, about.group),
      h('p', { class: 'lead' }, state(about.state), about.assignor ? ' · partitions divided by ' + about.assignor : null),
      facts(['Lag in records', number(about.lag)], ['Lag in time', seconds(about.lagSeconds)], ['Members', number(about.members.length)], ['Partitions', number(about.positions.length)]),
      h('h2', null, 'Positions'),
      about.positions.length ? table('Positions of ' + about.group, positionColumns, about.positions) : empty('The group has committed nothing yet.'),
      h('p', { class: 'soft' }, 'Lag in records is the next offset of the partition less the committed one; in time, how long ago the first record was written that has not been committed.'),
      h('h2', null, 'Members'),
      about.members.length ? table('Members of ' + about.group, memberColumns, about.members) : empty('Nobody is in the group now. What it has committed is kept for those who come.'),
    ],
  };
}

const positionColumns = [
  { title: 'Topic', cell: position => link(position.topic, 'topics', position.topic) },
  { title: 'Partition', number: true, cell: position => String(position.partition) },
  { title: 'Committed', number: true, extra: true, cell: position => number(position.offset) },
  { title: 'Next offset', number: true, extra: true, cell: position => number(position.end) },
  { title: 'Lag in records', number: true, cell: position => number(position.lag) },
  { title: 'Lag in time', number: true, cell: position => seconds(position.lagSeconds) },
  { title: 'Read by', extra: true, cell: position => position.client === null ? h('span', { class: 'soft' }, 'nobody now') : position.client },
];

const memberColumns = [
  { title: 'Client', cell: member => [member.client, member.instance ? h('div', { class: 'soft' }, 'instance ' + member.instance) : null] },
  { title: 'Host', cell: member => member.host },
  { title: 'Reads', cell: member => member.partitions.length ? assigned(member.partitions) : h('span', { class: 'soft' }, 'nothing now') },
  { title: 'Member id', extra: true, cell: member => h('span', { class: 'mono' }, member.id) },
];

function assigned(partitions) {
  const byTopic = new Map();
  for (const { topic, partition } of partitions) byTopic.set(topic, [...(byTopic.get(topic) || []), partition]);
  return [...byTopic].map(([topic, numbers]) => h('div', null, topic + ': ' + numbers.join(', ')));
}
