/**
 * Who may do what with which resources: access control entries, as Apache Kafka's ZooKeeper mode keeps them in the cluster's
 * tree and decides by them. {@link io.odradek.core.security.acl.AclImage} is all of them at one moment, {@link
 * io.odradek.core.security.acl.Authorizer} decides by it, and both are pure; {@link io.odradek.core.security.acl.AclTree}
 * keeps them true to the tree.
 */
package io.odradek.core.security.acl;
