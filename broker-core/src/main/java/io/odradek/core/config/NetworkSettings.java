package io.odradek.core.config;

import static io.odradek.core.config.Allowed.ANY;
import static io.odradek.core.config.Allowed.atLeast;
import static io.odradek.core.config.Allowed.between;

/** Listeners, sockets, and the limits that keep clients from costing more than they should. */
final class NetworkSettings {
    private NetworkSettings() {}

    static void declare(SettingTable table) {
        declareListeners(table);
        declareSockets(table);
        declareLimits(table);
        declareMemory(table);
        declareAdmin(table);
        declareIgnored(table);
    }

    private static void declareAdmin(SettingTable table) {
        table.list(
                "admin.listeners",
                null,
                ANY,
                "Where people and their tools may look at the broker, as http://host:port; no host means this machine"
                        + " only; nowhere if not set");
        table.list(
                "odradek.admin.host.names",
                "",
                ANY,
                "Names, beside localhost and its own, by which a browser may call an admin listener");
        table.int32(
                "odradek.admin.max.connections",
                64,
                atLeast(1),
                "Connections to the admin listeners at most; beyond it the one that has rested longest is closed");
        table.int32(
                "odradek.admin.timeout.ms",
                30000,
                atLeast(1),
                "How long a connection to an admin listener may take to send a request, and to take the answer");
        table.int64(
                "odradek.lag.interval.ms",
                10000L,
                atLeast(0),
                "How often the lag of consumer groups is measured where metrics are kept; 0 for never");
        table.int32(
                "odradek.lag.max.partitions",
                10000,
                atLeast(1),
                "Of how many partitions, over all groups, the lag is shown as metrics");
    }

    private static void declareMemory(SettingTable table) {
        table.int64(
                "odradek.memory.frames.bytes",
                -1L,
                atLeast(-1),
                "Direct memory for requests as they arrive; -1 for half of the direct memory there is");
        table.int64(
                "odradek.memory.requests.bytes",
                -1L,
                atLeast(-1),
                "Heap for decoded requests, in work or waiting; -1 for a fifth of the heap");
        table.int64(
                "odradek.memory.answers.bytes",
                -1L,
                atLeast(-1),
                "Memory for answers that clients have not taken yet; -1 for a quarter of the direct memory");
        table.int64(
                "odradek.memory.groups.bytes",
                -1L,
                atLeast(-1),
                "Heap for the members and positions of consumer groups; -1 for an eighth of the heap");
        table.int64(
                "odradek.memory.fetch.sessions.bytes",
                -1L,
                atLeast(-1),
                "Heap for fetch sessions; -1 for a sixteenth of the heap");
        table.int64(
                "odradek.memory.transactions.bytes",
                -1L,
                atLeast(-1),
                "Heap for transactional ids and their transactions; -1 for a sixteenth of the heap");
    }

    private static void declareListeners(SettingTable table) {
        table.items("listeners", null, "Where to listen, as NAME://host:port; no host means every address");
        table.items("advertised.listeners", null, "What clients are told to connect to; the listeners if not set");
        table.items(
                "listener.security.protocol.map",
                "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT",
                "The protocol of each listener name, as NAME:PROTOCOL");
        table.text("inter.broker.listener.name", null, "The listener over which brokers talk to each other");
        table.text("control.plane.listener.name", null, "The listener over which the controller talks to brokers");
        table.int32("port", 9092, between(0, 65535), "The port of a plaintext listener where listeners is not set");
        table.text("host.name", "", "The host of that listener");
        table.text("advertised.host.name", null, "The host told to its clients");
        table.int32("advertised.port", null, between(1, 65535), "The port told to its clients");
    }

    private static void declareSockets(SettingTable table) {
        table.int32("socket.send.buffer.bytes", 102400, atLeast(-1), "SO_SNDBUF; -1 leaves it to the system");
        table.int32("socket.receive.buffer.bytes", 102400, atLeast(-1), "SO_RCVBUF; -1 leaves it to the system");
        table.int32("socket.listen.backlog.size", 50, atLeast(1), "Connections that may wait to be accepted");
        table.int64("connections.max.idle.ms", 600000L, ANY, "A connection without traffic for this long is closed");
    }

    private static void declareLimits(SettingTable table) {
        table.int32(
                "odradek.request.max.wait.ms",
                3600000,
                atLeast(1),
                "How long a Fetch, a Produce or a DeleteRecords waits at most, whatever it asks for");
        table.int32(
                "odradek.disk.requests.max",
                1000,
                atLeast(1),
                "Requests about log folders that may wait for the disk; further ones are answered REQUEST_TIMED_OUT");
        table.int32("socket.request.max.bytes", 104857600, atLeast(1), "The longest request");
        table.int32(
                "odradek.request.max.bytes",
                16777216,
                atLeast(1),
                "The longest request of any API but Produce, if socket.request.max.bytes is not less");
        table.int32(
                "odradek.request.inline.max.bytes",
                262144,
                atLeast(0),
                "The longest request that is served on its network thread, where its API leaves the choice; longer ones"
                        + " are served in the background, one at a time");
        table.int32(
                "odradek.slow.request.ms",
                1000,
                atLeast(-1),
                "The log tells of requests that took so long without what they were meant to wait for, one of each API in"
                        + " a minute, where odradek.metrics.enable has their times kept; -1 for of none");
        table.int64(
                "odradek.request.max.decoded.bytes",
                -1L,
                atLeast(-1),
                "Heap that one request may take when it is decoded; -1 for a quarter of odradek.memory.requests.bytes");
        table.int32("queued.max.requests", 500, atLeast(1), "Requests in work at most, before sockets are left unread");
        table.int64(
                "queued.max.request.bytes", -1L, ANY, "Bytes of requests in work at most; -1 for no bound of its own");
        table.int32("max.connections", Integer.MAX_VALUE, atLeast(0), "Connections at most");
        table.int32("max.connections.per.ip", Integer.MAX_VALUE, atLeast(0), "Connections of one address at most");
        table.int32("max.connection.creation.rate", Integer.MAX_VALUE, atLeast(0), "Connections accepted a second");
        table.int32(
                "odradek.connections.held.max",
                1_000,
                atLeast(0),
                "Connections of addresses beyond their rate that are held unserved, and not closed at once, at most");
        table.items("max.connections.per.ip.overrides", "", "Other numbers for some addresses, as address:number");
        table.int32(
                "odradek.connection.max.requests",
                100,
                atLeast(1),
                "Requests of one connection in work or unsent at most");
        table.int64(
                "odradek.partial.requests.max.bytes",
                -1L,
                atLeast(-1),
                "Memory for requests that have not fully arrived; beyond it the longest-stalled connections are closed;"
                        + " half of odradek.memory.frames.bytes at most, and by default");
        table.int32(
                "odradek.broker.answer.max.bytes",
                -1,
                atLeast(-1),
                "The longest answer of another broker; -1 for socket.request.max.bytes and"
                        + " replica.fetch.response.max.bytes together");
        table.int32(
                "odradek.response.max.pending.bytes",
                4194304,
                atLeast(1),
                "Unsent response bytes on a connection beyond which its requests are left unread");
    }

    /** Known to Kafka, and without effect here. */
    private static void declareIgnored(SettingTable table) {
        table.effect(Setting.Effect.NONE);
        table.items("early.start.listeners", null, "Listeners served before the broker has been authorised");
        table.effect(Setting.Effect.SERVED);
        table.int32(
                "connection.failed.authentication.delay.ms", 100, atLeast(0), "Wait before a failed login is closed");
    }
}
