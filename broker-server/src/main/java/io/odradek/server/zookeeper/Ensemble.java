package io.odradek.server.zookeeper;

import io.odradek.core.config.ConfigException;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.common.PathUtils;

/**
 * Where a ZooKeeper ensemble is: {@code zookeeper.connect}, which is {@code host:port,host:port/chroot}.
 *
 * @param servers the servers, without the chroot
 * @param chroot the node that stands for the root, such as {@code /kafka}; empty for the root itself
 */
record Ensemble(String servers, String chroot) {
    /** {@return the ensemble that {@code zookeeper.connect} names} As the other. */
    static Ensemble parse(String connect) {
        return parse(ZooKeeperCoordinationStore.CONNECT, connect);
    }

    /**
     * {@return the ensemble that a connect string names}
     *
     * @param setting where it is named
     * @throws ConfigException if it names none
     */
    static Ensemble parse(String setting, String connect) {
        int slash = connect.indexOf('/');
        String servers = (slash < 0 ? connect : connect.substring(0, slash)).trim();
        String chroot = slash < 0 ? "" : connect.substring(slash).trim();
        while (chroot.endsWith("/")) {
            chroot = chroot.substring(0, chroot.length() - 1);
        }
        try {
            if (!chroot.isEmpty()) {
                PathUtils.validatePath(chroot);
            }
            if (!new ConnectStringParser(servers).getServerAddresses().isEmpty()) {
                return new Ensemble(servers, chroot);
            }
        } catch (IllegalArgumentException notThat) {
            // The line below says what is wanted.
        }
        throw new ConfigException(setting, connect, "host:port,host:port, and perhaps /chroot after the last");
    }

    /** {@return what the ZooKeeper client is given} */
    String connectString() {
        return servers + chroot;
    }
}
