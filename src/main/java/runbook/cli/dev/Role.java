package runbook.cli.dev;

/** Who connects: the three roles that a migration knows, and the superuser for looking around. */
public enum Role {
    RUNBOOK("runbook", ""),
    APP("app", "-app"),
    APPROVER("approver", "-approver"),
    SUPERUSER("postgres", "-superuser");

    private final String user;
    private final String suffix;

    Role(String user, String suffix) {
        this.user = user;
        this.suffix = suffix;
    }

    /** The role's name in PostgreSQL. */
    public String user() {
        return user;
    }

    /** The name of the service that connects as this role to a database. */
    public String service(String database) {
        return database + suffix;
    }
}
