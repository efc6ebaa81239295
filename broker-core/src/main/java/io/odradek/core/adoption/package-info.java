/**
 * What is known of topics whose data are there and whose settings are not in the tree: from the file beside the data, from
 * the metadata of a KRaft cluster, from the ZooKeeper of an old one. It is asked in that order but for ZooKeeper, which is
 * asked first where an operator names it; a source tells of a topic only under the identifier that the data have.
 */
package io.odradek.core.adoption;
