-- With what the run salts its evidence: the id of the workflow's run. After a reset that is another one than the row in
-- migration_run has, which nobody admitted anew.
alter table standing add column salt text;
