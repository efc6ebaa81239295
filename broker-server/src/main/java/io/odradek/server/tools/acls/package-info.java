/** {@code broker-acls}: who may do what. */
package io.odradek.server.tools.acls;
