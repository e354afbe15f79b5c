package runbook.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String built = Main.class.getPackage().getImplementationVersion();
        return new String[] {"runbook " + (built == null ? "from a class folder" : built), "Java " + Runtime.version()};
    }
}
