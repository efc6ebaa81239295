/** Who may log in at the listeners, as the broker's settings and the tree say: what stands behind the exchanges of {@code core.security}. */
package io.odradek.server.login;
