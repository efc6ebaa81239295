/**
 * Delegation tokens (KIP-48, KIP-373), as Apache Kafka's ZooKeeper mode keeps them in the cluster's tree. {@link
 * io.odradek.core.security.token.DelegationToken}, {@link io.odradek.core.security.token.TokenLife} and {@link
 * io.odradek.core.security.token.TokenKey} are pure: whose a token is, how long it lives, what its secret is. {@link
 * io.odradek.core.security.token.TokenTree} knows all there are, {@link io.odradek.core.security.token.Tokens} changes them.
 */
package io.odradek.core.security.token;
