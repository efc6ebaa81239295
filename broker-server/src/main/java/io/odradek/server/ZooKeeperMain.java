package io.odradek.server;

import io.odradek.core.config.ConfigException;
import io.odradek.server.ensemble.OwnServer;
import io.odradek.server.ensemble.ServerSettings;
import io.odradek.server.logging.LogLevels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.apache.zookeeper.util.ServiceUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ZooKeeper server as a program. It prints one line when it listens. Exit status: 1 if it cannot start or fails later, with
 * one line on standard error; 143 after SIGTERM and 130 after SIGINT, as a JVM has it. Nothing acknowledged is lost however it
 * ends: what a server says is done is on its disk.
 */
public final class ZooKeeperMain {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperMain.class);
    private static final int FAILED = 1;
    private static final String USAGE = """
            Usage: zookeeper-start.sh [-daemon] [CONFIG]

            Starts a ZooKeeper server with the settings of a properties file, under ZooKeeper's names.

              CONFIG     the properties file (default: config/zookeeper.properties)
              -daemon    run in the background
              --help     print this

            Examples:
              zookeeper-start.sh
              zookeeper-start.sh -daemon my.properties
              ZOOKEEPER_LOG_DIR=/var/log/zookeeper-2 zookeeper-start.sh -daemon second-of-three.properties

            Environment: JAVA_HOME, ZOOKEEPER_HEAP_OPTS (default: -Xms64m -Xmx512m), ZOOKEEPER_OPTS,
            ZOOKEEPER_STATE_DIR (where logs go, and the data that the configuration beside bin names; default: the folder
            above bin), ZOOKEEPER_LOG_DIR (logs and the process id; default: logs in ZOOKEEPER_STATE_DIR),
            ZOOKEEPER_START_WAIT_SECONDS (of -daemon; default: 120)
            """;

    private ZooKeeperMain() {}

    /** @param arguments the properties file */
    public static void main(String[] arguments) {
        int status = run(arguments, System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int run(String[] arguments, PrintStream out, PrintStream err) {
        try {
            for (String argument : arguments) {
                if (argument.equals("--help") || argument.equals("-h")) {
                    out.print(USAGE);
                    return 0;
                }
            }
            serve(ServerSettings.read(file(arguments)), out, err);
            err.println("The ZooKeeper server has ended; its log says why");
        } catch (ConfigException | IOException refused) {
            LOG.info("The ZooKeeper server cannot run", refused);
            err.println(refused.getMessage());
        }
        return FAILED;
    }

    private static Path file(String[] arguments) {
        for (String argument : arguments) {
            if (argument.startsWith("-")) {
                throw new ConfigException("Unknown option " + argument + " (--help shows those that are known)");
            }
        }
        if (arguments.length != 1) {
            throw new ConfigException(
                    "One configuration file is needed, and " + arguments.length + " are given (--help shows how)");
        }
        return Path.of(arguments[0]);
    }

    private static void serve(ServerSettings settings, PrintStream out, PrintStream err) throws IOException {
        PidFile pidFile = new PidFile(System.getProperty("odradek.pid.file"));
        ServiceUtils.setSystemExitProcedure(status -> {
            err.println("The ZooKeeper server ends with its status " + status + "; its log says why");
            System.exit(FAILED);
        });
        OwnServer server = new OwnServer(settings, line -> {
            String full = line + ", started in " + ProcessAge.millis() + " ms";
            out.println(full);
            out.flush();
            Runtime.getRuntime().addShutdownHook(new Thread(pidFile::remove, "odradek-stop"));
            pidFile.write();
            LOG.info(full);
            LogLevels.watch();
        });
        server.run();
    }
}
