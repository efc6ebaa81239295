/** The command-line tools behind {@code bin}. They know the rooms below; nothing knows them. */
package io.odradek.server.tools.dump;
