/**
 * One text field, {@code individual_processes.status}, becomes the history {@code individual_process_statuses}.
 *
 * <p>Here belongs what describes this migration and no other: {@code IndividualProcessStatus} with its queries,
 * {@code Claims} and {@code FirstStatus} with its checks, {@code Repairs}, and {@code Verification} with what a trial
 * answers. Nothing here runs. May import: the spi, generated jOOQ, jOOQ's types except {@code DSLContext} and
 * {@code Configuration}, and the JDK. The SQL is in {@code db/individual_process_status}: {@code legacy}, {@code schema}, {@code constraints},
 * {@code cleanup}, {@code final}, {@code undo} and {@code sample}.
 *
 * <p>What an application should know while both shapes are in use:
 *
 * <ul>
 *   <li>A transaction at REPEATABLE READ that is older than a batch may get SQLSTATE 40001 when it changes a row that
 *       the copy has just brought over. Nothing is lost: it must roll back and try again, as after any other writer.
 *   <li>Users can be deleted as ever: until clean-up nothing of ours locks a user, and a deletion locks no status. It is
 *       noted in {@code departed_users}, and {@code changed_by} goes on naming the user until the repair "changed by
 *       nobody", or the foreign key of the clean-up, makes it null. Test {@code DepartedUsersTest}.
 *   <li>{@code add_status} refuses with SQLSTATE RB001 while the flag {@code new_status_system} is off; the legacy
 *       field can then be written as ever. TRUNCATE of the old and the new table and of {@code users} is refused from the
 *       schema phase until clean-up.
 *   <li>After the clean-up the legacy field is no longer there: whoever still writes it gets an error. From then on the
 *       foreign key to users is part of the new shape: whoever deletes a user locks the statuses by that user, and a
 *       transaction that goes on to change their processes should lock those first.
 * </ul>
 *
 * <p>The migration follows the <em>Individual Process Status Migration Guide</em>. In the table, <em>check</em> is a
 * claim of {@code Claims} or of the comparison; phases, gates and messages are those of a run. Files without a folder
 * are in {@code schema}; lines marked <em>people</em> are done by no program here.
 *
 * <table>
 *   <caption>Each line of the guide, and where it lives here</caption>
 *   <tr><th>the guide<th>here
 *   <tr><th colspan="2">Overview, Background, Architecture
 *   <tr><td>From a single field to a table with complete history<td>{@code IndividualProcessStatus}
 *   <tr><td>Legacy: one string in {@code individualProcesses.status}<td>{@code legacy/V1__legacy.sql}
 *   <tr><td>Legacy: no history, no audit trail, little about transitions<td>{@code losses()}: what a roll-back gives up
 *   <tr><td>New: "many-to-many" through the new table
 *       <td>one process has many statuses: {@code V01__status_history.sql}, foreign key
 *       {@code constraints/V04__status_belongs_to_process.sql}
 *   <tr><td>New: complete history with timestamps and users
 *       <td>{@code changed_at}, {@code created_at}, {@code changed_by}; in order by {@code position}:
 *       {@code V02__order_of_statuses.sql}
 *   <tr><td>New: a single active status, "enforced at application level"
 *       <td>by the database: unique index {@code individual_process_statuses_one_active}
 *   <tr><td>New: optional notes<td>{@code notes}, third argument of {@code add_status}
 *   <tr><td>New: full audit trail for compliance
 *       <td>every change is a row; the application may not write the table: {@code V08__new_way.sql}, test
 *       {@code NewWayTest.the_application_gets_no_other_right}. The run's own acts: {@code runbook.audit}
 *   <tr><td>Parallel systems: the legacy field is kept
 *       <td>{@code mirrors()}, {@code V04__mirror_from_history.sql} writes it until clean-up;
 *       {@code preserved()}: nothing else of the legacy tables changes through the migration
 *   <tr><td>Parallel systems: the new table beside it
 *       <td>{@code V05__mirror_from_legacy.sql}, {@code V07__mirrors_on_legacy_table.sql}
 *   <tr><td>Zero downtime, gradual rollout
 *       <td>batches and lock-safe scripts; {@code cutover()} in stages. Tests {@code MirrorStormTest},
 *       {@code BatchRaceTest} and the other race tests beside it, {@code EndToEndTest}: no error for the application
 *   <tr><th colspan="2">Prerequisites
 *   <tr><td>1. Backup the database, export current data<td>phase backup, of {@code tables()}
 *   <tr><td>2. Verify that the schema is deployed
 *       <td>phase schema applies it with Flyway and fails where it cannot; {@code runbook.script}; check "every mirror
 *       is in place and fires"
 *   <tr><td>3. Review existing processes: {@code getMigrationStats}, total, migrated, pending
 *       <td>{@code measures()}, taken by the phases assessment and validation; side by side in evidence and report;
 *       their queries by {@code ./runbook plan}.
 *       What is odd in the processes: {@code Claims.ofTheLegacyShape}, phase assessment
 *   <tr><th colspan="2">Step 1: the migration function
 *   <tr><td>Deploy it<td>a worker with {@code Bundled.migrations()}
 *   <tr><td>1. Get the process<td>{@code IndividualProcessStatus.legacyStatuses}
 *   <tr><td>2. Already migrated: leave it alone, say so
 *       <td>{@code backfills()}: exclusion "already has a status", counted; claims in
 *       {@code individual_process_status_claims}
 *   <tr><td>3. Create the initial status record
 *       <td>{@code backfills()}; in {@code Repairs.RUN_AGAIN}; by a mirror that is first: {@code bring_over} in
 *       {@code V03__mirror_functions.sql}
 *   <tr><td>{@code statusName: process.status}<td>verbatim, null and blank too
 *   <tr><td>{@code isActive: true}<td>the same; false where a mirror copies what a change is about to replace
 *   <tr><td>{@code notes: "Migrated from legacy status field"}<td>the same words
 *   <tr><td>{@code changedBy: process.createdBy}<td>the same; null where that user is gone
 *   <tr><td>{@code changedAt: process._creationTime}<td>{@code created_at} of the process, in the future too
 *   <tr><td>These last three again, by another query
 *       <td>check "a copied status is the first of its process and tells of its creation", {@code FirstStatus}
 *   <tr><td>{@code createdAt: Date.now()}<td>default {@code clock_timestamp()} in {@code V01__status_history.sql}
 *   <tr><th colspan="2">Step 2: run it
 *   <tr><td>Option A: all processes, each by itself<td>phase backfill: in batches that go on where they stopped
 *   <tr><td>{@code migrated}, {@code skipped}, {@code errors}, {@code total}
 *       <td>{@code copied}, {@code skipped}, {@code quarantined}, {@code scanned} in {@code runbook.range}, query
 *       {@code status} and the report; reasons in {@code runbook.skip}
 *   <tr><td>An error in one process is logged and the others go on
 *       <td>{@code runbook.quarantine}, its text in {@code runbook.problem}; input field {@code errorBudget}
 *   <tr><td>Option B: a single process first
 *       <td>{@code trial()}; message {@code trial} or input field {@code trial}, before the backfill. Test
 *       {@code EngineLifecycleTest.tries_one_process_alone}
 *   <tr><th colspan="2">Step 3: {@code verifyMigration}
 *   <tr><td>Get the process, all its statuses, the active one<td>{@code Verification.record}
 *   <tr><td>{@code processId}, {@code migrationComplete}, {@code singleActiveStatus}, {@code statusMatches},
 *       {@code totalStatusRecords}, {@code activeStatusCount}, {@code legacyStatus}, {@code currentActiveStatus},
 *       {@code issues}<td>the nine columns of {@code Verification.record}, under these names
 *   <tr><td>"No status records found", "Multiple active statuses: n", "Legacy and current status don't match"
 *       <td>{@code Verification.issues}, the same words; the second for none active too, as in the guide
 *   <tr><td>Expected output: all true, one record, no issues<td>the answer to a trial
 *   <tr><th colspan="2">Step 4: application code
 *   <tr><td>1. Status updates by {@code addStatus}<td>function {@code add_status} in {@code V08__new_way.sql}
 *   <tr><td>2. Status queries join the new table<td>{@code listFromHistory}; views {@code individual_process_timeline}
 *       and {@code client_individual_processes} in {@code V08__new_way.sql}
 *   <tr><td>3. Display from the active record, not the legacy field
 *       <td>{@code cutover()}, stage "readers": view {@code individual_process_list}
 *   <tr><td>New way: process, status name, notes
 *       <td>{@code add_status(process_id, status_name, notes)}; test
 *       {@code NewWayTest.an_admin_adds_a_status_and_the_legacy_field_follows}
 *   <tr><td>Old way: deprecated<td>still mirrored, note "Changed through the legacy status field", until clean-up
 *   <tr><td>All application code uses the new system<td>people; {@code sample.AddStatusShape} shows it
 *   <tr><th colspan="2">Rollback procedure
 *   <tr><td>1. Stop using the new system: feature flag {@code newStatusSystem}
 *       <td>flag {@code new_status_system}, stage "status updates"; off by message {@code rollback}, or
 *       {@code runbook.stop} without Temporal
 *   <tr><td>"New status system temporarily disabled"
 *       <td>{@code add_status}, SQLSTATE RB001; test
 *       {@code NewWayTest.a_switched_off_system_says_so_and_leaves_the_old_way}
 *   <tr><td>2. Revert the list to the legacy field
 *       <td>the view as the flip found it, by message {@code rollback}, or {@code runbook.stop} without Temporal. With
 *       every later write: test
 *       {@code EndToEndTest.comes_back_after_the_cutover_with_later_writes_and_then_runs_to_its_end}
 *   <tr><td>3. Clean up status records, if needed, with caution; {@code deleted}
 *       <td>{@code cleanup_status_records} in {@code V09__cleanup_of_status_records.sql}, by the owner alone, which
 *       returns that number; test {@code MirrorRulesTest.the_clean_up_of_one_process_lets_it_be_copied_anew}. A
 *       roll-back itself keeps them in {@code runbook_archive} under the run's number, where one {@code drop table} takes
 *       away those of all: test {@code EngineLifecycleTest.what_a_roll_back_kept_aside_can_be_dropped}
 *   <tr><td>4. Restore from backup
 *       <td>{@code ./runbook restore FOLDER --target T}, with {@code --dry-run} first; tests {@code RestoreTest},
 *       {@code RestoreCommandTest}
 *   <tr><td>4. Stop the application, restart it<td>people
 *   <tr><th colspan="2">Testing checklist: before
 *   <tr><td>Backup created and verified
 *       <td>phase backup: manifest, and the drill that restores and compares; tests {@code BackupTest},
 *       {@code DrillTest}
 *   <tr><td>Migration functions deployed<td>phase schema, {@code schema/}
 *   <tr><td>Test run on a staging environment<td>a run with another {@code target}; {@code ./runbook demo}
 *   <tr><td>A single process migrated<td>{@code trial()}
 *   <tr><th colspan="2">Testing checklist: execution
 *   <tr><td>At least one status record<td>check "every process has at least one status"
 *   <tr><td>Exactly one active status<td>check "every process has exactly one active status"; measure "active statuses"
 *       equal to "total"; check "the newest status is the active one"
 *   <tr><td>The active status matches the legacy field<td>check "the active status is the legacy status"
 *   <tr><td>Valid {@code changedBy}
 *       <td>check "every status was changed by a user who is or was there, or by nobody"; advisory "no status names a user
 *       who has left since", by {@code V06__departed_users.sql}; at clean-up the foreign key
 *       {@code final/V01__status_changed_by_user.sql}; advisory "every status names who changed it"
 *   <tr><td>Valid timestamps
 *       <td>{@code changed_at} and {@code created_at} not null; check "every status was written at a time that has
 *       come"; before, advisory "no process was created in the future"
 *   <tr><th colspan="2">Testing checklist: after
 *   <tr><td>List view: the correct status<td>check "the list shows the status of the legacy field", stage "readers"
 *   <tr><td>Detail view: the timeline shows history<td>view {@code individual_process_timeline}; test
 *       {@code NewWayTest.the_timeline_tells_who_and_when_in_order}
 *   <tr><td>Status update: a new record, the old one deactivated
 *       <td>{@code order_statuses} in {@code V02__order_of_statuses.sql}; test as for the new way
 *   <tr><td>History tracking: all changes, with user and time
 *       <td>checks "no two statuses share a position", "every status names who changed it"; test {@code EndToEndTest}
 *       with {@code sample.Oracle} against the application's own log
 *   <tr><td>Access control: only admins update
 *       <td>{@code add_status}; check "not everybody may add a status"; test
 *       {@code NewWayTest.nobody_else_may_add_a_status}
 *   <tr><td>Client view: only their own processes
 *       <td>view {@code client_individual_processes}, policy {@code own_or_admin}; check "row-level security guards the
 *       statuses"; test {@code NewWayTest.a_client_sees_their_own_processes_and_an_admin_all}
 *   <tr><td>Performance: joined queries below 200 ms
 *       <td>{@code latencies()}, 95 of 100 calls: "list with its active status", "timeline of a process"
 *   <tr><th colspan="2">Verification queries
 *   <tr><td>Test 1: processes without status<td>check "every process has at least one status"
 *   <tr><td>Test 2: several active statuses<td>check "every process has exactly one active status"
 *   <tr><td>Test 3: status consistency<td>check "the active status is the legacy status", where none active differs too
 *   <tr><th colspan="2">Timeline: phase 1, preparation, week 1
 *   <tr><td>Deploy schema changes, deploy migration functions<td>phase schema, after gate {@code schema}
 *   <tr><td>Run tests on staging<td>a run with another {@code target}
 *   <tr><td>Backup of production data<td>phase backup
 *   <tr><th colspan="2">Timeline: phase 2, migration, week 2
 *   <tr><td>In a period of low traffic
 *       <td>gate {@code backfill}, which the input may add, or {@code pause} and {@code resume}; people choose the hour
 *   <tr><td>Monitor for errors<td>query {@code status}, Web UI, {@code ./runbook status}; a failed phase parks the run
 *   <tr><td>Verify data integrity<td>phase validation
 *   <tr><td>Keep the legacy system as fallback
 *       <td>{@code mirrors()}; message {@code rollback} until gate {@code cleanup} is approved
 *   <tr><th colspan="2">Timeline: phase 3, validation, weeks 2 to 3
 *   <tr><td>Run all verification tests<td>phase validation, again in the soak: input field {@code revalidate}
 *   <tr><td>Monitor application logs<td>people
 *   <tr><td>Collect user feedback<td>people, in the soak, before gate {@code cleanup}
 *   <tr><td>Fix what is discovered<td>{@code Repairs}, by message {@code repair}, with {@code dryRun} first
 *   <tr><th colspan="2">Timeline: phase 4, full rollout, from week 4
 *   <tr><td>Update all application code<td>people, before gate {@code cleanup}; stage "status updates" is on for all
 *   <tr><td>Monitor performance metrics<td>{@code latencies()}, at each validation in the soak
 *   <tr><td>Document issues and resolutions<td>{@code ./runbook report}: checks, repairs, problems, audit
 *   <tr><td>Plan the deprecation of the legacy field<td>{@code cleanup()}; see next step 4
 *   <tr><th colspan="2">Common issues
 *   <tr><td>Multiple active statuses: keep the most recent
 *       <td>{@code Repairs.KEEP_LATEST}, the latest by {@code position} rather than {@code changed_at}; refused
 *       beforehand by the unique index
 *   <tr><td>Missing status records: migrate that process again<td>{@code Repairs.RUN_AGAIN}
 *   <tr><td>Status mismatch, option A: the legacy field is true
 *       <td>{@code Repairs.LEGACY_WINS}; test
 *       {@code BadDatabaseTest.a_write_that_passed_by_the_mirrors_is_found_and_repaired}
 *   <tr><td>Status mismatch, option B: the new table is true<td>{@code Repairs.NEW_WINS}
 *   <tr><td>Determine the source of truth<td>the operator, by the name of the repair; not in the guide:
 *       {@code Repairs.ACTIVATE_NEWEST}
 *   <tr><th colspan="2">Performance considerations
 *   <tr><td>{@code by_individualProcess}<td>{@code constraints/V01__by_individual_process.sql}, with {@code position}
 *   <tr><td>{@code by_individualProcess_active}<td>{@code V01__status_history.sql}, beside the unique index
 *   <tr><td>{@code by_changedAt}<td>{@code constraints/V02__by_changed_at.sql}; no query here reads it
 *   <tr><td>Efficient: the active status through its index
 *       <td>{@code listFromHistory}; {@code latencies()} fails where the plan uses none of the indexes
 *   <tr><td>Inefficient: read all statuses, then filter<td>nowhere: views and list join on {@code is_active}
 *   <tr><th colspan="2">Support and resources
 *   <tr><td>Migration functions<td>{@code IndividualProcessStatus}
 *   <tr><td>Schema definition<td>{@code schema/}, {@code constraints/} and {@code final/}
 *   <tr><td>Status management library<td>{@code V02__order_of_statuses.sql}, {@code V08__new_way.sql}
 *   <tr><td>PRD documentation<td>people: it is the application's own
 *   <tr><td>Deprecation plan, to be created<td>{@code cleanup()}, gates {@code cleanup} and {@code drop}
 *   <tr><th colspan="2">Success criteria
 *   <tr><td>1. At least one status record for 100%<td>check "every process has at least one status"
 *   <tr><td>2. Exactly one active status for 100%<td>check "every process has exactly one active status"
 *   <tr><td>3. 100% match the legacy field<td>check "the active status is the legacy status"
 *   <tr><td>4. All verification tests pass<td>phase validation; else the run parks and gate {@code cutover} stays shut
 *   <tr><td>5. No error logs about status queries
 *       <td>people, for the application's logs; in tests {@code ApplicationWriter.applicationErrors} is empty
 *   <tr><td>6. The application displays statuses correctly
 *       <td>check "the list shows the status of the legacy field"; {@code NewWayTest} for the other two views
 *   <tr><td>7. Status updates work without errors
 *       <td>check "the new status system is on for every process"; test {@code EndToEndTest}
 *   <tr><td>8. Queries below 200 ms<td>{@code latencies()}
 *   <tr><th colspan="2">Next steps
 *   <tr><td>1. Monitor production for 2 to 4 weeks<td>phase soak, input field {@code soak}, {@code P14D} by default
 *   <tr><td>2. Collect feedback<td>people
 *   <tr><td>3. Document edge cases<td>the report; those known are rows of {@code sample/sample.sql}, counted in
 *       {@code sample/expected.properties}
 *   <tr><td>4. Deprecate the legacy field
 *       <td>phase cleanup: {@code cleanup/}, {@code final/} and the column renamed {@code retired_status}, kept for {@code hold}
 *       ({@code P30D} by default), then dropped after gate {@code drop}; until then {@code ./runbook unarchive} brings it
 *       back: test {@code UnarchiveTest}
 *   <tr><td>5. Archive old migration code
 *       <td>in the database {@code cleanup/V01__drop_mirrors.sql} to {@code V03__order_without_exception.sql}, and
 *       {@code drop} for the claims; this package: people
 * </table>
 */
@NullMarked
package runbook.migrations.individualprocessstatus;

import org.jspecify.annotations.NullMarked;
