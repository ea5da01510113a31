"""Why the coordinator's side says no; the sentence the person reads says what happened, and what to do."""

from enum import Enum


class Reason(Enum):
    UNREADABLE = "Ce fichier ne se lit pas. Rebranchez la clé ou reprenez le fichier."
    NOT_OURS = "Ce fichier n’est pas un envoi de Guichet. Rien n’a été importé."
    DAMAGED = "Ce fichier est abîmé ou incomplet. Rien n’a été importé. Demandez un nouvel envoi au poste."
    FORGED = "La signature de ce fichier ne correspond pas. Rien n’a été importé. Redemandez l’envoi."
    OTHER_ORGANISATION = "Ce fichier vient d’une autre organisation. Rien n’a été importé."
    UNKNOWN_DESK = "Ce poste n’a pas été appairé ici. Appairez-le d’abord."
    UNKNOWN_KEY = "Ce poste signe avec une clé nouvelle. Vérifiez son empreinte par téléphone."
    NEWER = "Ce fichier vient d’une version plus récente. Mettez ce poste coordinateur à jour."
    DUPLICATED_DESK = "Ce poste existe en double. Rien n’a été importé. Appairez de nouveau l’un des deux."
    TOO_BIG = "Ce fichier est trop gros pour un envoi. Rien n’a été importé."
    OTHER_KEY = "Ce fichier est chiffré pour un autre coordinateur. Rien n’a été importé."
    CONTRADICTORY = "Le contenu ne correspond pas à l’enveloppe. Rien n’a été importé. Prévenez le responsable."
    INVALID_ROW = "Une ligne de ce fichier est invalide. Rien n’a été importé. Prévenez l’assistance."
    WRONG_PASSPHRASE = "La phrase secrète est fausse. Rien n’a été importé."
    SHORT_PASSPHRASE = "La phrase secrète est trop courte. Choisissez au moins cinq mots."
    WRONG_RECOVERY = "Cette fiche de secours n’est pas la bonne. Rien n’a changé."
    NO_COORDINATOR = "Ce dossier n’est pas celui d’un coordinateur. Créez-le d’abord."
    ALREADY_CREATED = "Ce dossier contient déjà un coordinateur. Choisissez un dossier vide."
    BAD_DESK_CODE = "Le code d’un poste tient en deux signes : A1, B2."
    BAD_PAIRING = "Ce fichier d’appairage est abîmé. Demandez-en un autre au coordinateur."
    OTHER_PAIRING = "Ce poste appartient déjà à une autre organisation. Rien n’a changé."


class Refused(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
