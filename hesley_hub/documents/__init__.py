"""Reference pages made from the tables that the hub runs on, so that they cannot say something else."""
