package io.odradek.server.start;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/zookeeper-start.sh} and {@code zookeeper-stop.sh}, on the distribution that this build has made. */
@DisabledOnOs(OS.WINDOWS)
@SuppressWarnings("try") // A client's close may be interrupted.
class ZooKeeperScriptsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSION_MS = 10_000;

    /** A blank in the name, on purpose. */
    @TempDir(factory = BlankInTheName.class)
    private Path folder;

    @AfterEach
    void stopWhatRuns() throws Exception {
        for (int server = 0; server <= 3; server++) {
            if (Files.exists(folder.resolve("logs-" + server + "/zookeeper.pid"))) {
                scripts(server).run("zookeeper-stop.sh");
            }
        }
    }

    /** {@return the scripts as one server has them} */
    private Scripts scripts(int server) {
        String logs = folder.resolve("logs-" + server).toString();
        return new Scripts(folder, Map.of("ZOOKEEPER_LOG_DIR", logs, "ZOOKEEPER_HEAP_OPTS", "-Xmx128m"));
    }

    private static List<Integer> freePorts(int count) throws IOException {
        Set<Integer> ports = new LinkedHashSet<>();
        List<ServerSocket> sockets = new ArrayList<>();
        while (ports.size() < count) {
            ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(free);
            ports.add(free.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return List.copyOf(ports);
    }

    private void write(String file, String... lines) throws IOException {
        Files.write(folder.resolve(file), List.of(lines));
    }

    /** A four-letter command's answer, or nothing while the server does not listen. */
    private static String ask(int port, String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(command.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    @Test
    void aDaemonServesWhenItsStartReturnsAndKeepsWhatItHasOverAStop() throws Exception {
        int port = freePorts(1).get(0);
        write("one.properties", "dataDir=the data/zk", "clientPort=" + port, "clientPortAddress=127.0.0.1");
        for (int start = 0; start < 2; start++) {
            Scripts.Result started = scripts(0).run("zookeeper-start.sh", "-daemon", "one.properties");

            assertThat(started.status()).as(started.output()).isZero();
            assertThat(started.output())
                    .contains("ZooKeeper serves 127.0.0.1:" + port + ", data in " + folder.resolve("the data/zk"))
                    .contains(folder.resolve("logs-0").toString())
                    .doesNotContain("WARN");
            try (ZooKeeper client = new ZooKeeper("127.0.0.1:" + port, SESSION_MS, event -> {})) {
                if (start == 0) {
                    client.create("/kept", new byte[] {1}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                }
                assertThat(client.getData("/kept", false, null)).isEqualTo(new byte[] {1});
            }
            assertThat(ask(port, "srvr")).contains("Mode: standalone");
            assertThat(ask(port, "dump")).contains("not in the whitelist");

            Scripts.Result again = scripts(0).run("zookeeper-start.sh", "-daemon", "one.properties");
            assertThat(again.status()).isEqualTo(1);
            assertThat(again.output()).contains("A ZooKeeper server runs already");

            Scripts.Result stopped = scripts(0).run("zookeeper-stop.sh");
            assertThat(stopped.status()).as(stopped.output()).isZero();
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            assertThat(scripts(0).run("zookeeper-stop.sh").status()).isEqualTo(1);
        }
    }

    @Test
    void threeServersFormAnEnsembleThatOutlivesOneOfThem() throws Exception {
        List<Integer> ports = freePorts(9);
        List<String> connect = new ArrayList<>();
        for (int server = 1; server <= 3; server++) {
            List<String> lines = new ArrayList<>(List.of(
                    "tickTime=500",
                    "initLimit=20",
                    "syncLimit=10",
                    "dataDir=data-" + server,
                    "clientPort=" + ports.get(server - 1),
                    "clientPortAddress=127.0.0.1"));
            for (int other = 1; other <= 3; other++) {
                lines.add("server." + other + "=127.0.0.1:" + ports.get(other + 2) + ":" + ports.get(other + 5));
            }
            write(server + ".properties", lines.toArray(String[]::new));
            Files.createDirectory(folder.resolve("data-" + server));
            write("data-" + server + "/myid", Integer.toString(server));
            connect.add("127.0.0.1:" + ports.get(server - 1));
            Scripts.Result started = scripts(server).run("zookeeper-start.sh", "-daemon", server + ".properties");
            assertThat(started.status()).as(started.output()).isZero();
            assertThat(started.output()).startsWith("ZooKeeper server " + server + " of 3 serves ");
        }
        await().atMost(PATIENCE).until(() -> modes(ports).containsAll(List.of("leader", "follower")));
        try (ZooKeeper client = new ZooKeeper(String.join(",", connect), SESSION_MS, event -> {})) {
            await().atMost(PATIENCE).until(() -> client.getState().isConnected());
            client.create("/kept", new byte[] {1}, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            int leader = modes(ports).indexOf("leader") + 1;
            assertThat(scripts(leader).run("zookeeper-stop.sh").status()).isZero();
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                    .until(() -> client.getData("/kept", false, null).length == 1);
            assertThat(modes(ports)).contains("leader").contains("");
        }
    }

    private static List<String> modes(List<Integer> ports) {
        List<String> modes = new ArrayList<>();
        for (int server = 0; server < 3; server++) {
            String answer;
            try {
                answer = ask(ports.get(server), "srvr");
            } catch (IOException gone) {
                answer = "";
            }
            int mode = answer.indexOf("Mode: ");
            modes.add(mode < 0 ? "" : answer.substring(mode + 6, answer.indexOf('\n', mode)));
        }
        return modes;
    }

    @Test
    void whatCannotBeStartedIsOneLineAndStatusOne() throws Exception {
        int port = freePorts(1).get(0);
        assertRefused("There is no configuration file none.properties", "none.properties");
        assertRefused("Unknown option --nonsense", "--nonsense");
        assertRefused("dataDir is not set in a.properties", "a.properties", "clientPort=" + port);
        assertRefused("clientPort is not set in b.properties", "b.properties", "dataDir=d");
        assertRefused("tickTime=x in c.properties is not a number", "c.properties", "dataDir=d", "tickTime=x");
        try (ServerSocket taken = new ServerSocket(port)) {
            assertRefused(
                    "Cannot listen on 0.0.0.0:" + taken.getLocalPort(),
                    "d.properties",
                    "dataDir=d",
                    "clientPort=" + port);
        }
        String[] ensemble = {
            "dataDir=e", "clientPort=" + port, "initLimit=5", "syncLimit=5", "server.1=127.0.0.1:1:2", "server.2=b:1:2"
        };
        assertRefused("There is no " + folder.resolve("e/myid"), "e.properties", ensemble);
        write("e/myid", "7");
        assertRefused(folder.resolve("e/myid") + " holds '7'", "e.properties", ensemble);
    }

    private void assertRefused(String reason, String file, String... lines) throws Exception {
        if (lines.length > 0) {
            write(file, lines);
        }
        Scripts.Result refused = scripts(0).run("zookeeper-start.sh", file);
        assertThat(refused.status()).as(refused.output()).isEqualTo(1);
        assertThat(refused.output()).contains(reason);
        assertThat(refused.output().strip().lines()).hasSize(1);
    }

    @Test
    void theSettingsThatComeWithTheScriptAreUnderstoodAndOpenNothingToOtherHosts() throws Exception {
        Scripts.Result help = scripts(0).run("zookeeper-start.sh", "--help");
        assertThat(help.status()).isZero();
        assertThat(help.output()).startsWith("Usage: zookeeper-start.sh").contains("Examples:");
        int port = freePorts(1).get(0);
        // Beside the scripts its relative folder would be below the distribution.
        String settings = Files.readString(Scripts.BIN.resolve("../config/zookeeper.properties"))
                .replace("clientPort=2181", "clientPort=" + port);
        write("copy.properties", settings);
        Scripts.Result started = scripts(0).run("zookeeper-start.sh", "-daemon", "copy.properties");
        assertThat(started.status()).as(started.output()).isZero();
        assertThat(started.output()).contains("data in " + folder.resolve("zookeeper-data"));
        assertThat(ask(port, "srvr")).contains("Mode: standalone");
        for (InetAddress address : addressesButLoopback()) {
            assertThatThrownBy(() -> new Socket(address, port).close()).isInstanceOf(ConnectException.class);
        }
    }

    private static List<InetAddress> addressesButLoopback() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .toList();
    }
}
