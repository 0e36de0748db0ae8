extension PhraseLanguage {
    static let english = PhraseLanguage(
        classes: [
            // Asking for a person.
            "want": """
            want,wanna,need,would like,id like,would love,id love,would prefer,id prefer,prefer,would rather,\
            id rather,\
            rather,demand,insist on,request,let me,lemme,trying,gotta,asking,waiting
            """,
            "must": "have to,must,got to,gotta",
            "can": """
            can i,could i,may i,can we,could we,might i,cant i,cant we,couldnt i,can i please,could i please,\
            can i just,\
            possible to,a way to,any way to,way for me to,way i can,any chance to,chance i can,chance i could,\
            how do i,how can i,how could i,how do we,how to,where can i,when can i,able to i,am i able,do to,\
            id be able
            """,
            "ask": "can,could,would,will,please,have,let,get,need,want,id like,would like",
            "light":
                "to,please,just,really,right,now,be,able,directly,actually,finally,get,immediately,asap,only,simply,urgently,badly,again,still",
            "talk": """
            talk,speak,chat,communicate,get in touch,get through,be connected,be transferred,be put through,\
            connected,\
            transferred,put through,connect,deal,talking,speaking
            """,
            "talking": "talk,speak,chat,deal,interact,talking,speaking,chatting,dealing,interacting,communicate",
            "reach": "reach,contact,get hold of,get a hold of,get ahold of,see,get",
            "adverb": "now,directly,please,right,immediately,asap,instead,just,here,live,again,over",
            "link": "to,with,2",
            "transferMe": """
            transfer me,connect me,put me through,put me on,pass me,pass me on,pass me over,forward me,\
            hand me over,hand me,\
            hand this,switch me,get me through,route me,redirect me,direct me,escalate,escalate me,\
            escalate this,escalate it,\
            transfer this,transfer us,connect us
            """,
            "bring": "get me,give me,find me,send me,bring me,get us,have",
            "det": """
            a,an,the,some,any,one,of,your,another,real,actual,live,human,different,proper,fucking,damn,goddamn,\
            bloody,\
            customer,service,support,sales,care,actual live,living,senior,competent,store,shop,branch,duty
            """,
            "person": """
            person,people,human,humans,human being,agent,agents,representative,representatives,rep,reps,\
            operator,operators,\
            someone,somebody,anyone,anybody,advisor,adviser,manager,supervisor,boss,specialist,employee,staff,\
            staff member,\
            team member,customer service,customer support,customer care,support,sales,team,tech support,helpdesk,\
            help desk,technician,expert,salesperson,assistant manager,colleague,colleagues
            """,
            "who": """
            person,human,humans,human being,agent,agents,representative,rep,operator,supervisor,manager,advisor,\
            adviser,\
            live person,customer service representative
            """,
            "alone": """
            human,human being,agent,representative,operator,real person,actual person,live person,live agent,\
            human agent,\
            real human,actual human,real agent,person please,live human,customer service representative,rep
            """,
            "someone":
                "someone,somebody,anyone,anybody,a person,a human,a real person,a manager,a supervisor,an agent,any human,anyone human,a live person",
            "bot": """
            bot,bots,robot,robots,machine,machines,computer,computers,ai,chatbot,chatbots,virtual assistant,\
            answering machine,automated system,software,algorithm,program,recording,automaton
            """,
            "now": "now,right now,please,asap,immediately,here,already,thanks",
            "service": "help,assist,answer,respond,reply,call,talk,speak,contact,handle,look,take",
            "present": "there,here,available,around,online,free,working,on",
            "rel":
                "i,we,that i,who i,whom i,i can,i could,we can,that i can,who can,that can,who could,for me to,to,can i",
            "serve": "help,assist,talk,speak,chat,answer,call,contact",
            "available": "is there,are there,isnt there,arent there,do you have,have you got",
            "weary": "sick of,tired of,fed up with,fed up of,hate,done,stop,enough of,refuse to,refuse,cant stand",
            "enough": "no,no more,enough with,stop with,not",
            "isnt": "isnt,is not,not,whos not,who isnt,who is not,thats not,that is not,that isnt,other than",
            "starter": "hi,hello,hey,ok,okay,yes,no,and,well,so,then,please,just,thanks,sorry,good morning",
            "about": "about,for,to,who,that,regarding,in,from,at,because",

            // Anger.
            "insult": """
            idiot,idiots,idiotic,moron,morons,stupid,dumb,useless,incompetent,pathetic,clown,clowns,crap,crappy,\
            shit,shitty,\
            bullshit,fuck,fucking,fucked,asshole,assholes,bastard,bastards,scum,worthless,imbecile,imbeciles,\
            jerk,jerks,\
            bitch,wtf,screw you,you suck,this sucks,dumbass,dipshit,scumbags,morons,wankers,muppets
            """,
            "accusation": """
            scammers,scammer,crooks,crook,thieves,thief,liars,liar,garbage,trash,joke,disgrace,disgraceful,scam,\
            rip off,\
            ripoff,frauds,fraud,rubbish,criminals,con artists,rats,parasites
            """,
            "youAre":
                "you are,youre,youre all,you are all,you,u r,your company is,this is,this company is,is,are,bunch of,pack of,you people are,your service is,service is,ur",
            "adverbBe":
                "a,an,the,all,just,such,absolute,complete,total,totally,absolutely,nothing but,really,so,utter,bunch of,pack of,fucking",

            // Leaving.
            "goTo": """
            going to,go to,going with,switching to,switch to,moving to,move to,leaving for,leave for,\
            changing to,change to,\
            going over to,signing up with,off to,taking my money to
            """,
            "its": "a,an,the,your,one of your,another,different,some,someone,my,our,this,of,whole,damn,fucking",
            "competitor":
                "competitor,competitors,competition,another company,another provider,other company,provider,company,carrier,rival,rivals",
            "leave":
                "im leaving,i am leaving,ill leave,i will leave,i am going to leave,im going to leave,im gonna leave,im out,i quit,were leaving,we are leaving,im gone,im so done,i am done,im done",
            "away":
                "you,this company,now,today,for good,forever,with you,with this company,with you guys,with this,you guys,here,your company,people",
            "elsewhere":
                "go elsewhere,going elsewhere,take my business,taking my business,business elsewhere,money elsewhere,shop elsewhere,buy elsewhere,buying elsewhere,go somewhere else,going somewhere else",
            "again":
                "again,buy,buying,shop,shopping,order,ordering,use,using,coming back,come back,be back,do business,doing business,recommend,return",
            "neverAgain": """
            never again,wont be back,will not be back,wont come back,wont be coming back,not coming back,wont buy,\
            wont be buying,wont order,last time i,last time you,lost a customer,lost me,losing a customer,\
            lose a customer,\
            losing me,lose me,lost my business,lost my trust,last purchase,one less customer,goodbye forever
            """,
            "cancel": """
            cancel,cancelling,canceling,close,closing,delete,deleting,terminate,terminating,end,ending,drop,dropping
            """,
            "contract":
                "account,subscription,contract,membership,plan,service,everything,policy,line,accounts,services,insurance",
            "cancelNow":
                "im cancelling,im canceling,i am cancelling,i am canceling,ill cancel,i will cancel,im going to cancel,i am going to cancel,im unsubscribing,im gonna cancel",

            // Courts.
            "sue": "sue,suing",
            "sued": "you,u,your company,this company,your ass,your asses,you guys,you all,you people,y all,the company",
            "willSue": "will sue,ill sue,going to sue,gonna sue,well sue",
            "courtVerb":
                "see you in,see you all in,take you to,taking you to,take this to,taking this to,meet you in,drag you to,haul you into,see u in",
            "court": "court,small claims,small claims court,trial,tribunal",
            "myLawyer":
                "my lawyer,my lawyers,my attorney,my attorneys,my solicitor,my solicitors,our lawyers,our lawyer,our attorney,a lawyer,my legal team",
            "lawyerTalk": """
            hear from,hearing from,calling,contacting,will call,ill call,ill contact,will contact,going to call,\
            going to contact,getting,involving,ill get,ill be contacting,ill be calling,will be contacting,hire,\
            hiring,\
            gonna call,lawyering up with
            """,
            "lawyerActs":
                "will be in touch,will contact,will be contacting,will call,will hear,will deal,will sort,is going to contact,will see",
            "takeLegal":
                "take,taking,pursue,pursuing,initiate,initiating,start,starting,begin,consider,considering,threaten",
            "legalSteps": "legal action,legal steps,legal proceedings,action in court,legal measures",
            "lodge": "file,filing,start,starting,bring,bringing,join,launch",
            "lawsuit": "lawsuit,law suit,class action,suit,legal claim,legal complaint",
            "report":
                "report you,reporting you,report this company,reporting this company,report your company,report this,reporting this,complaint with,complaint to,complain to,report all of you,complaint against you with",
            "authority":
                "bbb,better business bureau,ftc,fcc,cfpb,trading standards,ombudsman,police,authorities,attorney general,regulator,consumer protection,consumer affairs,fbi,the law",
            "anger": """
            fed up,sick of,tired of,unacceptable,ridiculous,outrageous,disgusted,disgusting,furious,angry,worst,\
            terrible,\
            horrible,awful,waste of time,for hours,been waiting,disgrace,appalling,third time,fourth time,livid,\
            pissed,\
            joke of a,unbelievable,shame on you,infuriating,absurd
            """,
        ],
        rules: [
            PhraseRule(.person, "{want} {light}* {talk} {adverb}* {link} {det}* {person}"),
            PhraseRule(.person, statementOnly: true, "{must} {light}* {talk} {adverb}* {link} {det}* {person}"),
            PhraseRule(.person, .ability, "{can} {light}* {talk} {adverb}* {link} {det}* {person}"),
            PhraseRule(.person, "{want} {light}* {reach} {det}* {person}"),
            PhraseRule(.person, .ability, "{can} {light}* {reach} {det}* {who}"),
            PhraseRule(.person, .ability, "{can} {light}* have {det} {det}* {who} |"),
            PhraseRule(.person, "^ {starter}* {talk} {adverb}* {link} {det}* {person} {now}* |"),
            PhraseRule(.person, "^ {starter}* {talk} {adverb}* {link} {det}* {person} {about}"),
            PhraseRule(.person, "{transferMe} {adverb}* {link} {det}* {person}"),
            PhraseRule(.person, "{bring} {det}* {who} {now}* |"),
            PhraseRule(.person, "{bring} {det}* {who} {about}"),
            PhraseRule(.person, "{want} {light}* {det}* {who} {now}* |"),
            PhraseRule(.person, "{want} {light}* {det}* {who} to {service}"),
            PhraseRule(.person, "{want} {light}* {det}* {who} {now}"),
            PhraseRule(.person, "{ask} {det} {det}* {who} please? {service}"),
            PhraseRule(.person, "{ask} {someone} from ... {service}"),
            PhraseRule(.person, "{ask} you {light}* get {det} {det}* {who}"),
            PhraseRule(.person, "get me {det}* colleague"),
            PhraseRule(.person, "^ {starter}* live {talk} {adverb}* {link} {det}* {person} {now}* |"),
            PhraseRule(.person, .either, "{available} {det}* {who} {present}* |"),
            PhraseRule(.person, .either, "{available} {det}* {who} {present}* {rel} can? could? {serve}"),
            PhraseRule(.person, .either, "{available} {someone} {present}? {rel} can? could? {talk} {link}"),
            PhraseRule(.person, "^ {starter}* {det}* {alone} {now}* |"),
            PhraseRule(.person, .either, "{person} {isnt} {det}* {bot}"),
            // Away from the machine.
            PhraseRule(.person, .negated, "{want} {light}* {talking} {adverb}* {link} {det}* {bot}"),
            PhraseRule(.person, .negated, "{want} {light}* {det}* {bot} |"),
            PhraseRule(.person, .negated, statementOnly: true, "{talking} {adverb}* {link} {det}* {bot}"),
            PhraseRule(.person, .negated, "{transferMe} {adverb}* {link} {det}* {bot}"),
            PhraseRule(.person, .either, "{want} not {light}* {talking} {adverb}* {link} {det}* {bot}"),
            PhraseRule(.person, .either, "{want} to stop {talking} {adverb}* {link} {det}* {bot}"),
            PhraseRule(.person, .either, "{weary} {light}* {talking} {adverb}* {link} {det}* {bot}"),
            PhraseRule(.person, .either, "^ {starter}* {enough} {det}* {bot} {now}* |"),

            PhraseRule(.insult, "{insult}"),
            PhraseRule(.insult, "{youAre} {adverbBe}* {accusation}"),
            PhraseRule(.insult, "^ {adverbBe}* {accusation} |"),
            PhraseRule(.insult, "what {adverbBe}* {accusation}"),

            PhraseRule(.leaving, "{goTo} {its}* {competitor}"),
            PhraseRule(.leaving, "{leave} {away}* |"),
            PhraseRule(.leaving, "{elsewhere}"),
            PhraseRule(.leaving, .either, "never ... {again}"),
            PhraseRule(.leaving, .either, "{neverAgain}"),
            PhraseRule(.leaving, "{cancel} {its}* {contract}"),
            PhraseRule(.leaving, "{cancelNow} {away}* |"),
            PhraseRule(.leaving, "unsubscribe"),

            PhraseRule(.legalThreat, "{sue} {sued}"),
            PhraseRule(.legalThreat, "{willSue} |"),
            PhraseRule(.legalThreat, "{courtVerb} {court}"),
            PhraseRule(.legalThreat, "{lawyerTalk} {myLawyer}"),
            PhraseRule(.legalThreat, "{myLawyer} {lawyerActs}"),
            PhraseRule(.legalThreat, "{takeLegal} {legalSteps}"),
            PhraseRule(.legalThreat, "{lodge} {its}* {lawsuit}"),
            PhraseRule(.legalThreat, "preparing {its}* {lawsuit}"),
            PhraseRule(.legalThreat, "{report} ... {authority}"),

            PhraseRule(.anger, "{anger}"),
        ],
        negators:
            "not dont no never wont cant cannot didnt doesnt isnt arent without nor neither havent wouldnt shouldnt aint",
        transparent: """
            i we do really even just to any want need have right longer more actually be going gonna would like \
            please a an \
            the so will is am are you me that necessarily
            """,
        rhetorical: "if unless why until",
        pronouns: "i we",
        otherSubjects: "you they he she customers users clients people who",
        auxiliaries: "do will would should did does shall must when",
        requests: "can could would will please if",
        oneself: "im question questions mistake me myself"
    )
}
