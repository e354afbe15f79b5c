package runbook.engine.backup;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine that this process runs on, as it calls itself. */
public final class Host {

    private static final Logger LOG = LoggerFactory.getLogger(Host.class);

    private Host() {}

    /** Its name; empty where it has none, which is no reason to go without a backup. */
    public static String here() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            LOG.warn("This machine's own name cannot be resolved; backups do not tell where they are.", e);
            return "";
        }
    }
}
