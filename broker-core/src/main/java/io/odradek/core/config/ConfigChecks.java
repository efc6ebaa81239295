package io.odradek.core.config;

/** Values that are right by themselves and wrong together, and holes in ranges. */
final class ConfigChecks {
    private ConfigChecks() {}

    static void check(BrokerConfig config) {
        checkIdentity(config);
        checkFolders(config);
        checkRequestBytes(config);
        checkSessionTimeouts(config);
        checkAddressOverrides(config);
        if (config.flag("zookeeper.set.acl") && config.zooKeeperConnect() == null) {
            throw refuse(config, "zookeeper.set.acl", "false where zookeeper.connect is not set");
        }
        if (config.isSet(AdminListener.SETTING)) {
            AdminListener.of(config);
        }
        for (String name : new String[] {"log.retention.ms", "log.retention.minutes", "log.retention.hours"}) {
            if (config.isSet(name) && config.int64(name) < 1 && config.int64(name) != -1) {
                throw refuse(config, name, "a number of at least 1, or -1 for ever");
            }
        }
        if (config.isSet(RecordFormats.STORED) || config.isSet(RecordFormats.SPOKEN)) {
            RecordFormats.check(config);
        }
        if (config.isSet("log.cleanup.policy")
                && config.list("log.cleanup.policy").isEmpty()) {
            throw refuse(config, "log.cleanup.policy", "a comma-separated list of compact, delete, not empty");
        }
    }

    private static void checkIdentity(BrokerConfig config) {
        int most = config.int32("reserved.broker.max.id");
        if (config.flag("broker.id.generation.enable") && config.brokerId() > most) {
            String name = config.isSet("broker.id") ? "broker.id" : "node.id";
            throw refuse(config, name, "at most reserved.broker.max.id, which is " + most);
        }
        if (config.isSet("broker.id")
                && config.isSet("node.id")
                && config.int32("broker.id") != config.int32("node.id")) {
            throw refuse(config, "node.id", "the same as broker.id, which is " + config.int32("broker.id"));
        }
    }

    private static void checkFolders(BrokerConfig config) {
        if (config.isSet("log.dirs") && config.list("log.dirs").isEmpty()) {
            throw refuse(config, "log.dirs", "at least one folder");
        }
        if (config.isSet("log.dir") && config.text("log.dir").isEmpty()) {
            throw refuse(config, "log.dir", "a folder");
        }
        for (int i = 0; i < config.logDirs().size(); i++) {
            if (config.logDirs().indexOf(config.logDirs().get(i)) < i) {
                throw refuse(config, "log.dirs", "each folder once");
            }
        }
    }

    private static void checkRequestBytes(BrokerConfig config) {
        long queued = config.int64("queued.max.request.bytes");
        if (queued > 0 && queued < config.int64("socket.request.max.bytes")) {
            throw refuse(
                    config,
                    "queued.max.request.bytes",
                    "at least socket.request.max.bytes, which is " + config.int32("socket.request.max.bytes")
                            + ", or -1");
        }
    }

    private static void checkSessionTimeouts(BrokerConfig config) {
        int least = config.int32("group.min.session.timeout.ms");
        int most = config.int32("group.max.session.timeout.ms");
        if (least > most) {
            throw new ConfigException(
                    "group.min.session.timeout.ms",
                    Integer.toString(least),
                    "at most group.max.session.timeout.ms, which is " + most);
        }
    }

    private static void checkAddressOverrides(BrokerConfig config) {
        for (String item : config.list("max.connections.per.ip.overrides")) {
            int colon = item.lastIndexOf(':');
            try {
                if (colon > 0 && Integer.parseInt(item.substring(colon + 1).trim()) >= 0) {
                    continue;
                }
            } catch (NumberFormatException notANumber) {
                throw refuse(config, "max.connections.per.ip.overrides", "items of the form address:number");
            }
            throw refuse(config, "max.connections.per.ip.overrides", "items of the form address:number");
        }
    }

    private static ConfigException refuse(BrokerConfig config, String name, String allowed) {
        return new ConfigException(name, config.given().get(name), allowed);
    }
}
