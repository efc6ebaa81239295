/** JSON as the admin listener and the tools write it. */
package io.odradek.server.json;
