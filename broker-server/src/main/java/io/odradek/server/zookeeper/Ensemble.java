package io.odradek.server.zookeeper;

/**
 * Where a ZooKeeper ensemble is: {@code zookeeper.connect}, which is {@code host:port,host:port/chroot}.
 *
 * @param servers the servers, without the chroot
 * @param chroot the node that stands for the root, such as {@code /kafka}; empty for the root itself
 */
record Ensemble(String servers, String chroot) {
    /** {@return the ensemble that a connect string names} */
    static Ensemble parse(String connect) {
        int slash = connect.indexOf('/');
        if (slash < 0) {
            return new Ensemble(connect.trim(), "");
        }
        String chroot = connect.substring(slash).trim();
        while (chroot.endsWith("/")) {
            chroot = chroot.substring(0, chroot.length() - 1);
        }
        return new Ensemble(connect.substring(0, slash).trim(), chroot);
    }

    /** {@return what the ZooKeeper client is given} */
    String connectString() {
        return servers + chroot;
    }
}
