"""What every app needs to ask people something: forms, fields and widgets. How they look is in hesley_hub.interface."""
