/**
 * The command-line tools behind {@code bin}, which are all subcommands of {@link io.odradek.server.tools.Odradek}. They speak with
 * brokers as any client does, with kafka-clients, which the distribution has in {@code lib/tools} for them alone; a tool is a class
 * here, in a package of its own kind. They know the rooms below; nothing knows them.
 */
package io.odradek.server.tools;
